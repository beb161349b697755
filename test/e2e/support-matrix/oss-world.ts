import { Writable } from 'node:stream';

import type { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

/** An answer of ali-oss, whose typings know fewer methods than it has, and other ones. */
export type OssAnswer = Record<string, unknown>;

/** Calls a method of a client by its name. */
export type Invoke = (method: string, ...args: unknown[]) => Promise<OssAnswer>;

/** What the calls of the OSS tables work with: a bucket of their own. */
export interface OssWorld {
  readonly cloud: AlibabaCloudEmulator;
  readonly secretName: string;
  readonly bucket: string;
  readonly invoke: Invoke;
  /** Calls a method that answers a text, such as a URL. */
  readonly text: (method: string, ...args: unknown[]) => Promise<string>;
  /** The key id that the client would sign with. */
  readonly accessKeyId: () => string;
  /** The path of a file for this run. */
  readonly path: (name: string) => string;
  /** A file with that content, by path. */
  readonly file: (content: Buffer) => string;
}

/** Calls methods of a client. */
export function invokerOf(client: object): Invoke {
  return async (method, ...args) => {
    const found: unknown = Reflect.get(client, method);
    if (typeof found !== 'function') throw new TypeError(`the client has no method ${method}`);
    return Reflect.apply(found, client, args) as Promise<OssAnswer>;
  };
}

/** A stream to write to, that keeps what was written. */
export class Sink extends Writable {
  readonly #chunks: Buffer[] = [];

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }
}

/** A signed URL or form as a browser uses it. */
export async function use(url: string, init: RequestInit = {}): Promise<object> {
  const response = await fetch(url, init);
  const body = Buffer.from(await response.arrayBuffer());
  return response.ok
    ? { status: response.status, etag: response.headers.get('etag'), body }
    : { status: response.status };
}
