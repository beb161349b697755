import { isRecord } from '../../core/is-record.js';
import type { ManagedCredentials } from '../../core/managed-credentials.js';
import type { ManagedClientContext } from '../managed-client-definition.js';
import { isReadableStream, ReplayBuffer } from '../replay-buffer.js';
import { PerKey } from '../per-key.js';
import { pinnedCredential, type OpenApiCredential } from './pinned-credential.js';

/**
 * The methods of openapi-core, openapi-client and rpc-client that send a request; all operations of generated clients
 * end in one of them. `callApi` is none: it only chooses among them, and would be retried twice.
 */
const REQUEST_METHODS = ['doRequest', 'doROARequest', 'doROARequestWithForm', 'doRPCRequest', 'execute'];

/** The one that answers a stream of events. */
const EVENT_STREAM_METHOD = 'callSSEApi';

type Method = (...args: unknown[]) => unknown;

/**
 * Makes a client of a V2 SDK sign each request with one whole pair, the current one, and send it again when the cloud
 * refuses it because that key has expired. The client stays what it is: the methods are replaced on the instance.
 *
 * @param replayBufferBytes how much of a request's stream is kept to send it again
 */
export function rotateCredential(
  client: object,
  context: ManagedClientContext,
  replayBufferBytes: number,
): void {
  const prototype = viewPrototype(client);
  const credential = new PerKey(pinnedCredential);
  const pin = (credentials: ManagedCredentials, headers: unknown) =>
    pinnedView(prototype, credential.for(credentials), headers);
  const replace = (name: string, wrap: (original: Method) => Method) => {
    const original: unknown = Reflect.get(client, name);
    if (typeof original !== 'function') return;
    const wrapped = wrap(original as Method);
    Object.defineProperty(client, name, {
      // A method that another one calls on its view is part of a request that is already taken care of.
      value(this: PinnedView, ...args: unknown[]): unknown {
        return this[IS_PINNED] ? Reflect.apply(original, this, args) : wrapped(...args);
      },
      configurable: true,
      writable: true,
      enumerable: false,
    });
  };

  /** Sends one request, again as often as its key turns out to have expired and its stream can be read again. */
  const send = <Answer>(
    args: readonly unknown[],
    attempt: (view: object, args: readonly unknown[]) => Promise<Answer>,
  ): Promise<Answer> => {
    const request = new ReplayableRequest(args, replayBufferBytes);
    const { buffer } = request;
    const headers: unknown = Reflect.get(client, '_headers');
    const run = () =>
      context.retry.run((credentials) => attempt(pin(credentials, headers), request.open()), {
        replayable: buffer === undefined,
        waitLimitMs: timeoutOf(args.at(-1), 'readTimeout') ?? timeoutOf(client, '_readTimeout'),
      });
    return buffer === undefined ? run() : context.retry.rerun(run, () => buffer.isWhole);
  };

  for (const name of REQUEST_METHODS) {
    replace(
      name,
      (original) =>
        (...args) =>
          send(args, (view, sent) => Reflect.apply(original, view, sent) as Promise<unknown>),
    );
  }
  replace(
    EVENT_STREAM_METHOD,
    (original) =>
      async function* events(...args) {
        // Once the first event is handed out, the stream cannot be begun anew.
        const { stream, first } = await send(args, async (view, sent) => {
          const opened = Reflect.apply(original, view, sent) as AsyncGenerator;
          return { stream: opened, first: await opened.next() };
        });
        try {
          if (first.done) return;
          yield first.value;
          yield* stream;
        } finally {
          // A reader that leaves early must not leave the answer open.
          await stream.return(undefined);
        }
      },
  );
}

/** Marks a view of a client, so that a method that another one calls on it is not taken for a new request. */
const IS_PINNED = Symbol('pinned');

/** Headers that were set for one request: as they were given, and as this sending has left them. */
const GIVEN_HEADERS = Symbol('given headers');
const OWN_HEADERS = Symbol('own headers');

interface PinnedView {
  readonly [IS_PINNED]?: true;
  readonly [GIVEN_HEADERS]?: unknown;
  [OWN_HEADERS]?: unknown;
}

/**
 * What the views of a client have in common. `setRpcHeaders` counts for one request: taking the headers must clear them
 * on the client too, yet a second sending of that request needs them again, and must leave those alone that were set for
 * the next one.
 */
function viewPrototype(client: object): object {
  return Object.create(client, {
    _headers: {
      get(this: PinnedView) {
        return this[OWN_HEADERS];
      },
      set(this: PinnedView, value: unknown) {
        this[OWN_HEADERS] = value;
        if (Reflect.get(client, '_headers') === this[GIVEN_HEADERS]) Reflect.set(client, '_headers', value);
      },
    },
  }) as object;
}

/** A client with one key, for one sending; what else an SDK writes while it sends stays with that. */
function pinnedView(prototype: object, credential: OpenApiCredential, headers: unknown): object {
  // Views that are all of one shape keep the SDK's code fast.
  return {
    __proto__: prototype,
    [IS_PINNED]: true,
    [GIVEN_HEADERS]: headers,
    [OWN_HEADERS]: headers,
    _credential: credential,
  };
}

/** The arguments of one request, whose stream can be opened again while all that was read of it is kept. */
class ReplayableRequest {
  /** Keeps what is read of the stream, if there is one. */
  readonly buffer: ReplayBuffer | undefined;
  readonly #position: number;

  constructor(
    private readonly args: readonly unknown[],
    replayBufferBytes: number,
  ) {
    // Before the options of the run time, which come last.
    this.#position = args.length - 2;
    const stream = this.#request?.['stream'];
    if (isReadableStream(stream)) this.buffer = new ReplayBuffer(stream, replayBufferBytes);
  }

  /** The arguments for one sending. */
  open(): unknown[] {
    const request = this.#request;
    if (this.buffer === undefined || request === undefined) return [...this.args];
    const copy: unknown = Object.create(Object.getPrototypeOf(request) as object | null);
    const sent: unknown = Object.assign(copy as object, request, { stream: this.buffer.open() });
    return this.args.map((argument, index) => (index === this.#position ? sent : argument));
  }

  get #request(): Readonly<Record<string, unknown>> | undefined {
    const request = this.args[this.#position];
    return isRecord(request) ? request : undefined;
  }
}

/** The time-out that somebody asked for, in the options of the run time or in the config of a client, in milliseconds. */
function timeoutOf(options: unknown, name: string): number | undefined {
  const timeout = isRecord(options) ? options[name] : undefined;
  return typeof timeout === 'number' && timeout > 0 ? timeout : undefined;
}
