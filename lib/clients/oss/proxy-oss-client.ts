import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';

import type OSS from 'ali-oss';

import { isRecord } from '../../core/is-record.js';
import { InvalidClientOptionsError } from '../invalid-client-options-error.js';
import type { ManagedClientContext } from '../managed-client-definition.js';
import { derivedClient } from '../derived-client.js';
import { createKeepAliveAgent } from '../keep-alive-agent.js';
import { PerKey } from '../per-key.js';
import {
  OssClient,
  type OssInternals,
  type OssOptions,
  type OssRequestParams,
  type OssResult,
} from './ali-oss.js';
import { DEFAULT_REPLAY_BUFFER_BYTES, isReadableStream, ReplayBuffer } from '../replay-buffer.js';

/** What an OSS client is made of: ali-oss's own options without the key. */
export type OssClientOptions = Omit<
  OssOptions,
  'accessKeyId' | 'accessKeySecret' | 'stsToken' | 'refreshSTSToken' | 'refreshSTSTokenInterval'
> & {
  /**
   * How much of a stream that is uploaded is kept, so that it can be sent again from its start when its key turns out
   * to have expired before more was read, in bytes. 0 keeps nothing.
   * @default 1048576 (1 MiB)
   */
  readonly replayBufferBytes?: number | undefined;
};

/**
 * ali-oss's client with a key that rotates: each request is signed with one whole pair, the current one, and sent
 * again when OSS refuses it because that key has expired. URLs and policies are signed with the current key too.
 *
 * Buffers, strings, files given by path and parts of a multipart upload are sent again whole, and so is a stream that
 * was handed in, as long as no more of it was read than `replayBufferBytes`. Past that it has been consumed, so its call
 * fails with OSS's error and the next call uses the new key.
 *
 * Where ali-oss itself would resolve a refused request as if it had succeeded (`putBucketVersioning`,
 * `processObjectSave` and others), it rejects with the error that ali-oss makes of that answer.
 */
export class ProxyOssClient extends OssClient {
  readonly #context: ManagedClientContext;
  /** This client with one key; ali-oss writes nothing to it while it sends a request. */
  readonly #signers = new PerKey(({ accessKeyId, accessKeySecret }) =>
    derivedClient<OssInternals>(this, {
      options: derivedClient(this.options, { accessKeyId, accessKeySecret }),
    }),
  );
  readonly #ownAgents: readonly (HttpAgent | HttpsAgent)[];
  /** The time-out that was asked for; ali-oss's own default is no wish of the caller. */
  readonly #timeoutMs: number | undefined;
  readonly #replayBufferBytes: number;
  /** The options of uploads by path, by which the streams that ali-oss makes for them are known. */
  readonly #uploadsByPath = new WeakSet<object>();
  /** How to open anew what a stream reads: parts of files and buffers, which the SDK turns into streams itself. */
  readonly #reopen = new WeakMap<Readable, () => Readable>();

  constructor(
    { agent, httpsAgent, maxSockets, replayBufferBytes, timeout, ...options }: OssClientOptions,
    context: ManagedClientContext,
  ) {
    assertNoSession(options, context);
    const ownAgent = createKeepAliveAgent(HttpAgent, maxSockets);
    const ownHttpsAgent = createKeepAliveAgent(HttpsAgent, maxSockets);
    const completed = OssClient.initOptions({
      ...options,
      // One that is undefined would take the place of ali-oss's default.
      ...(timeout === undefined ? {} : { timeout }),
      agent: agent ?? ownAgent,
      httpsAgent: httpsAgent ?? ownHttpsAgent,
      // ali-oss insists on values while it completes the options; they are replaced before anything is signed.
      accessKeyId: 'replaced',
      accessKeySecret: 'replaced',
    });
    super(signWith(completed, () => context.current()));
    this.#context = context;
    this.#replayBufferBytes = replayBufferBytes ?? DEFAULT_REPLAY_BUFFER_BYTES;
    // ali-oss has turned forms such as '30s' into a number.
    this.#timeoutMs = timeout === undefined ? undefined : Number(this.options.timeout);
    this.#ownAgents = [ownAgent, ownHttpsAgent];
  }

  /** Every operation of ali-oss sends its requests through here. */
  override async request(params: OssRequestParams): Promise<OssResult> {
    const { stream, writeStream, timeout } = params;
    const reopen = stream ? this.#reopen.get(stream) : undefined;
    let part: Readable | undefined;
    const forSending = (): OssRequestParams => {
      if (!stream || !reopen) return params;
      part = part ? this.#replaceStream(part, reopen) : stream;
      return { ...params, stream: part };
    };
    try {
      return await this.#context.retry.run(
        (credentials) => super.request.call(this.#signers.for(credentials), forSending()),
        {
          errorIn: (result) =>
            !params.successStatuses && result.status >= 400 ? this.requestError(result) : undefined,
          replayable: (!stream || reopen !== undefined) && !writeStream,
          isSuspicious: isRefusalWithoutCode,
          waitLimitMs: typeof timeout === 'number' ? timeout : this.#timeoutMs,
        },
      );
    } finally {
      // A request that is refused early leaves its stream open.
      part?.destroy();
    }
  }

  override put(
    name: string,
    file: unknown,
    options: OSS.PutObjectOptions = {},
  ): Promise<OSS.PutObjectResult> {
    if (typeof file !== 'string') return super.put(name, file, options);
    return this.#context.retry.rerun(() => {
      const ownOptions = { ...options };
      this.#uploadsByPath.add(ownOptions);
      return super.put(name, file, ownOptions);
    });
  }

  override putStream(
    name: string,
    stream: unknown,
    options?: OSS.PutStreamOptions,
  ): ReturnType<OSS['putStream']> {
    if (stream instanceof Readable && options && this.#uploadsByPath.has(options)) {
      return super.putStream(name, stream, options).finally(() => stream.destroy());
    }
    const isKept = this.#replayBufferBytes > 0 && isReadableStream(stream);
    if (!isKept) return super.putStream(name, stream, options);
    const buffer = new ReplayBuffer(stream, this.#replayBufferBytes);
    return this.#context.retry.rerun(
      () => super.putStream(name, buffer.open(), options),
      () => buffer.isWhole,
    );
  }

  override get(name: string, file?: unknown, options?: OSS.GetObjectOptions): Promise<OSS.GetObjectResult> {
    return typeof file === 'string'
      ? this.#context.retry.rerun(() => super.get(name, file, options))
      : super.get(name, file, options);
  }

  /** ali-oss reads each part of a multipart upload through a stream that it makes here. */
  override _createStream(file: unknown, start: number, end: number): Readable {
    const stream = super._createStream(file, start, end);
    if (typeof file === 'string' || Buffer.isBuffer(file)) {
      this.#reopen.set(stream, () => super._createStream(file, start, end));
    }
    return stream;
  }

  /** Closes the client's own connections; an agent that was passed in the options is left alone. */
  close(): void {
    for (const agent of this.#ownAgents) agent.destroy();
  }

  #replaceStream(used: Readable, reopen: () => Readable): Readable {
    used.destroy();
    const stream = reopen();
    // `cancel()` destroys the streams that are listed here.
    const listed = this.multipartUploadStreams;
    if (listed) {
      listed.push(stream);
      stream.once('close', () => listed.splice(listed.indexOf(stream), 1));
    }
    return stream;
  }
}

/** Types leave these options out; with one of them OSS would refuse every call, or ali-oss set the key itself. */
function assertNoSession(options: object, context: ManagedClientContext): void {
  const given = ['stsToken', 'refreshSTSToken'].filter((name) => Reflect.get(options, name));
  if (given.length === 0) return;
  throw new InvalidClientOptionsError(
    context,
    `its options bring a session of their own (${given.join(', ')})`,
    'Leave it out: the client is signed with the managed key.',
  );
}

/**
 * Makes options give the key that is current whenever it is read. The properties do not show when options are
 * printed or copied.
 */
function signWith(
  options: OssOptions,
  credentials: () => { readonly accessKeyId: string; readonly accessKeySecret: string },
): OssOptions {
  return Object.defineProperties(options, {
    accessKeyId: { get: () => credentials().accessKeyId, enumerable: false },
    accessKeySecret: { get: () => credentials().accessKeySecret, enumerable: false },
  });
}

/** OSS sends no body with a refused HEAD, and ali-oss does not read that of a refused `getStream` or download. */
function isRefusalWithoutCode(error: unknown): boolean {
  return isRecord(error) && error['status'] === 403 && !error['code'];
}
