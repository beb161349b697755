import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';

import Core from '@alicloud/pop-core';

/** Options of one request, or of all requests of a client. */
export interface RpcRequestOptions {
  /** @default 'POST' */
  readonly method?: string | undefined;
  /** Milliseconds for connecting, and again for the answer. @default 3000 */
  readonly timeout?: number | undefined;
  readonly connectTimeout?: number | undefined;
  readonly readTimeout?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly agent?: HttpAgent | HttpsAgent | undefined;
  readonly formatAction?: boolean | undefined;
  readonly formatParams?: boolean | undefined;
  readonly compression?: boolean | undefined;
  readonly [option: string]: unknown;
}

/** What the RPC client's constructor takes, the parts its own types leave out included. */
export interface RpcClientConfig {
  endpoint: string;
  apiVersion: string;
  credentialsProvider: RpcCredentialsProvider;
  codes?: (string | number)[];
  opts?: RpcRequestOptions;
}

/** pop-core asks it once for each request, as the first thing it does. */
export interface RpcCredentialsProvider {
  getCredentials(): RpcCredentials;
}

/** An access key, as pop-core signs with it. */
export interface RpcCredentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** pop-core's RPC client, as far as this library builds on it. */
export interface RpcClientInstance {
  readonly endpoint: string;
  readonly apiVersion: string;
  readonly opts: RpcRequestOptions;
  readonly credentialsProvider: RpcCredentialsProvider;
  readonly keepAliveAgent: HttpAgent | HttpsAgent;
  request<Result = unknown>(action: string, params?: object, options?: RpcRequestOptions): Promise<Result>;
}

/** The class itself, with the types that pop-core 1.8.0 lacks. */
export const RpcClient = Core as unknown as new (
  config: RpcClientConfig,
  verbose?: boolean,
) => RpcClientInstance;

/** Options of one ROA request, or of all requests of a client. */
export interface RoaRequestOptions {
  /** Milliseconds for connecting, and again for the answer. @default 3000 */
  readonly timeout?: number | undefined;
  readonly connectTimeout?: number | undefined;
  readonly readTimeout?: number | undefined;
  readonly agent?: HttpAgent | HttpsAgent | undefined;
  /** Resolves to the text of the answer, whatever it is. @default false */
  readonly rawBody?: boolean | undefined;
  readonly compression?: boolean | undefined;
  readonly [option: string]: unknown;
}

/** What the ROA client's constructor takes. */
export interface RoaClientConfig {
  endpoint: string;
  apiVersion: string;
  credentialsProvider: RpcCredentialsProvider;
  opts?: RoaRequestOptions;
}

/** pop-core's ROA client, as far as this library builds on it. */
export interface RoaClientInstance {
  readonly endpoint: string;
  readonly apiVersion: string;
  readonly opts: RoaRequestOptions | undefined;
  readonly credentialsProvider: RpcCredentialsProvider;
  readonly keepAliveAgent: HttpAgent | HttpsAgent;
  request<Result = unknown>(
    method: string,
    uriPattern: string,
    query?: object,
    body?: string,
    headers?: Readonly<Record<string, string>>,
    options?: RoaRequestOptions,
  ): Promise<Result>;
  get<Result = unknown>(
    path: string,
    query?: object,
    headers?: Readonly<Record<string, string>>,
    options?: RoaRequestOptions,
  ): Promise<Result>;
  delete<Result = unknown>(
    path: string,
    query?: object,
    headers?: Readonly<Record<string, string>>,
    options?: RoaRequestOptions,
  ): Promise<Result>;
  post<Result = unknown>(
    path: string,
    query?: object,
    body?: string,
    headers?: Readonly<Record<string, string>>,
    options?: RoaRequestOptions,
  ): Promise<Result>;
  put<Result = unknown>(
    path: string,
    query?: object,
    body?: string,
    headers?: Readonly<Record<string, string>>,
    options?: RoaRequestOptions,
  ): Promise<Result>;
}

/** The class itself, which pop-core's types leave out. */
export const RoaClient = (
  Core as unknown as { ROAClient: new (config: RoaClientConfig) => RoaClientInstance }
).ROAClient;
