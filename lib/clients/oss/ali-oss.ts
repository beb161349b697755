import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Readable, Writable } from 'node:stream';

import OSS from 'ali-oss';

/** What ali-oss's constructor takes, the parts its types leave out included. */
export interface OssOptions extends OSS.Options {
  /** For http, in place of the client's own agent; it is not closed with the client. */
  agent?: HttpAgent | undefined;
  /** For https, in place of the client's own agent; it is not closed with the client. */
  httpsAgent?: HttpsAgent | undefined;
  /** Connections of the client's own agents. @default Infinity */
  maxSockets?: number | undefined;
  /** The endpoint is a domain that is bound to the bucket. @default false */
  cname?: boolean | undefined;
  /** Names the bucket in the path of URLs in place of the host. @default false */
  sldEnable?: boolean | undefined;
  /** How often ali-oss itself sends a request without a stream again when there was no answer. @default 0 */
  retryMax?: number | undefined;
  /** The encoding of header values. @default 'utf-8' */
  headerEncoding?: string | undefined;
  /** The caller pays, not the owner of the bucket. @default false */
  isRequestPay?: boolean | undefined;
  /** The CloudBox that has the bucket. */
  cloudBoxId?: string | undefined;
  /** Sends requests through `proxy`. @default false */
  enableProxy?: boolean | undefined;
  /** The URL of a proxy, as urllib takes it. */
  proxy?: string | null | undefined;
  /** Milliseconds to add to the local clock when signing. @default 0 */
  amendTimeSkewed?: number | undefined;
  /** The HTTP client, in place of the one that ali-oss brings along. */
  urllib?: object | undefined;
}

/** The parameters of one request, as ali-oss's operations hand them to `request`. */
export interface OssRequestParams {
  /** HTTP method. */
  readonly method: string;
  /** Name of the object. */
  readonly object?: string;
  /** Name of the bucket. */
  readonly bucket?: string;
  /** The body, whole. */
  readonly content?: string | Buffer;
  /** The body, read once. */
  readonly stream?: Readable | null;
  /** Where the body of the answer goes. */
  readonly writeStream?: Writable | null;
  /** Statuses that are no errors. @default all below 400 */
  readonly successStatuses?: readonly number[];
  /** Milliseconds. */
  readonly timeout?: number | string;
}

/** What `request` resolves to. */
export interface OssResult {
  /** HTTP status. */
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The body, as urllib read it. */
  readonly data: unknown;
  /** urllib's own record of the exchange. */
  readonly res: unknown;
}

/** The parts of ali-oss's client that its types leave out, as far as this library builds on them. */
export interface OssInternals {
  /** The completed options; the key among them is the current one. */
  readonly options: OssOptions;
  /** Streams of parts that are being uploaded. */
  multipartUploadStreams?: Readable[];
  /** Sends one request. */
  request(params: OssRequestParams): Promise<OssResult>;
  /** Makes an error of an answer. */
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
  /** Milliseconds, or a text such as `30s`. @default 60000 */
  readonly timeout?: string | number | undefined;
  /** For nodes that have none of their own; it is not closed with the client. */
  readonly agent?: HttpAgent | undefined;
  /** The HTTP client of nodes that have none of their own. */
  readonly urllib?: object | undefined;
}

/** ali-oss's cluster client, as far as this library builds on it. */
export interface OssClusterInstance extends OSS.ClusterClient {
  clients: (OSS & OssInternals)[];
  // The underscored names are ali-oss's own.
  /** The heartbeat's timer. */
  readonly _timerId: NodeJS.Timeout;
  _init(): void;
  /** Calls back once the nodes have been asked whether they are there. */
  ready(callback: () => void): void;
  /** Tells whoever listens; ali-oss itself prints an `error` that nobody listens to. */
  emit(event: string, ...args: unknown[]): boolean;
  close(): void;
}

/** The class itself, with the types that @types/ali-oss lacks. */
export const OssClusterClient = OSS.ClusterClient as unknown as new (
  options: OssClusterOptions,
) => OssClusterInstance;

/** What ali-oss's STS client takes. */
export interface OssStsOptions extends OSS.STSOptions {
  /** @default 'https://sts.aliyuncs.com' */
  readonly endpoint?: string | undefined;
  /** For an endpoint without TLS, in place of the client's own agent; it is not closed with the client. */
  readonly agent?: HttpAgent | undefined;
  /** The HTTP client, in place of the one that ali-oss brings along. */
  readonly urllib?: object | undefined;
}

/** ali-oss's STS client, as far as this library builds on it. */
export interface OssStsInstance extends OSS.STS {
  /** The options, with no key in use. */
  readonly options: OssStsOptions;
}

/** The class itself, with the types that @types/ali-oss lacks. */
export const OssStsClient = OSS.STS as unknown as new (options: OssStsOptions) => OssStsInstance;
