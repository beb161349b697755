import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Readable, Writable } from 'node:stream';

import OSS from 'ali-oss';

/** What ali-oss's constructor takes, the parts its types leave out included. */
export interface OssOptions extends OSS.Options {
  agent?: HttpAgent | undefined;
  httpsAgent?: HttpsAgent | undefined;
  maxSockets?: number | undefined;
  cname?: boolean | undefined;
  sldEnable?: boolean | undefined;
  retryMax?: number | undefined;
  headerEncoding?: string | undefined;
  isRequestPay?: boolean | undefined;
  cloudBoxId?: string | undefined;
  enableProxy?: boolean | undefined;
  proxy?: string | null | undefined;
  amendTimeSkewed?: number | undefined;
  urllib?: object | undefined;
}

/** The parameters of one request, as ali-oss's operations hand them to `request`. */
export interface OssRequestParams {
  readonly method: string;
  readonly object?: string;
  readonly bucket?: string;
  readonly content?: string | Buffer;
  readonly stream?: Readable | null;
  readonly writeStream?: Writable | null;
  readonly successStatuses?: readonly number[];
  /** Milliseconds. */
  readonly timeout?: number | string;
}

/** What `request` resolves to. */
export interface OssResult {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly data: unknown;
  readonly res: unknown;
}

/** The parts of ali-oss's client that its types leave out, as far as this library builds on them. */
export interface OssInternals {
  readonly options: OssOptions;
  multipartUploadStreams?: Readable[];
  request(params: OssRequestParams): Promise<OssResult>;
  requestError(result: OssResult): Promise<Error>;
  // The underscored name is ali-oss's own.
  _createStream(file: unknown, start: number, end: number): Readable;
}

/** The class itself, with the types that @types/ali-oss lacks. */
export const OssClient = OSS as unknown as {
  new (options: OssOptions): OSS & OssInternals;
  /** Completes options. A constructor keeps completed options by identity instead of copying them. */
  initOptions(options: OssOptions): OssOptions;
};

/** What ali-oss's cluster client takes. */
export interface OssClusterOptions {
  readonly cluster: readonly OssOptions[];
  /** @default 'roundRobin' */
  readonly schedule?: 'roundRobin' | 'masterSlave' | undefined;
  /** Reads from the master only. @default false */
  readonly masterOnly?: boolean | undefined;
  /** Milliseconds between two checks of the nodes. @default 10000 */
  readonly heartbeatInterval?: number | undefined;
  /** Does not write a status file into each bucket. @default false */
  readonly ignoreStatusFile?: boolean | undefined;
  readonly timeout?: string | number | undefined;
}

/** ali-oss's cluster client, as far as this library builds on it. */
export interface OssClusterInstance extends OSS.ClusterClient {
  clients: (OSS & OssInternals)[];
  // The underscored name is ali-oss's own.
  _init(): void;
  close(): void;
}

/** The class itself, with the types that @types/ali-oss lacks. */
export const OssClusterClient = OSS.ClusterClient as unknown as new (
  options: OssClusterOptions,
) => OssClusterInstance;
