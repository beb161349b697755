import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import Core from '@alicloud/pop-core';

import { createKeepAliveAgent } from '../keep-alive-agent.js';

/** Options of one request, or of all requests of a client. */
export interface RpcRequestOptions {
  /** @default 'POST' */
  readonly method?: string | undefined;
  /** Milliseconds for connecting, and again for the answer. @default 3000 */
  readonly timeout?: number | undefined;
  /** Milliseconds for connecting. With it or `readTimeout`, `timeout` does not count. @default 3000 */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds for the answer. With it or `connectTimeout`, `timeout` does not count. @default 3000 */
  readonly readTimeout?: number | undefined;
  /** Further HTTP headers. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** In place of the client's own agent; it is not closed with the client. */
  readonly agent?: HttpAgent | HttpsAgent | undefined;
  /** Makes the first letter of the action upper-case. @default true */
  readonly formatAction?: boolean | undefined;
  /** Makes the first letter of each parameter upper-case. @default true */
  readonly formatParams?: boolean | undefined;
  /** Asks for a compressed answer. @default false */
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
  /** The key to sign with. */
  getCredentials(): RpcCredentials;
}

/** An access key, as pop-core signs with it. */
export interface RpcCredentials {
  /** The id of the key. */
  readonly accessKeyId: string;
  /** The secret of the key. */
  readonly accessKeySecret: string;
}

/** pop-core's RPC client, as far as this library builds on it. */
export interface RpcClientInstance {
  /** The URL of the product's gateway. */
  readonly endpoint: string;
  /** The product's API version. */
  readonly apiVersion: string;
  /** Defaults for the options of each request. */
  readonly opts: RpcRequestOptions;
  /** Gives the current key; pop-core asks it before each request. */
  readonly credentialsProvider: RpcCredentialsProvider;
  /** The client's own agent. */
  keepAliveAgent: HttpAgent | HttpsAgent;
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
  /** Milliseconds for connecting. With it or `readTimeout`, `timeout` does not count. @default 3000 */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds for the answer. With it or `connectTimeout`, `timeout` does not count. @default 3000 */
  readonly readTimeout?: number | undefined;
  /** In place of the client's own agent; it is not closed with the client. */
  readonly agent?: HttpAgent | HttpsAgent | undefined;
  /** Resolves to the text of the answer, whatever it is. @default false */
  readonly rawBody?: boolean | undefined;
  /** Asks for a compressed answer. @default false */
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
  /** The URL of the product's gateway. */
  readonly endpoint: string;
  /** The product's API version. */
  readonly apiVersion: string;
  /** Defaults for the options of each request. */
  readonly opts: RoaRequestOptions;
  /** Gives the current key; pop-core asks it before each request. */
  readonly credentialsProvider: RpcCredentialsProvider;
  /** The client's own agent. */
  keepAliveAgent: HttpAgent | HttpsAgent;
  request<Result = unknown>(
    method: string,
    uriPattern: string,
    query?: object,
    body?: string,
    headers?: Readonly<Record<string, string>>,
    options?: RoaRequestOptions,
  ): Promise<Result>;
  /** Sends a GET: `request` with that method. */
  get<Result = unknown>(
    path: string,
    query?: object,
    headers?: Readonly<Record<string, string>>,
    options?: RoaRequestOptions,
  ): Promise<Result>;
  /** Sends a DELETE: `request` with that method. */
  delete<Result = unknown>(
    path: string,
    query?: object,
    headers?: Readonly<Record<string, string>>,
    options?: RoaRequestOptions,
  ): Promise<Result>;
  /** Sends a POST: `request` with that method. */
  post<Result = unknown>(
    path: string,
    query?: object,
    body?: string,
    headers?: Readonly<Record<string, string>>,
    options?: RoaRequestOptions,
  ): Promise<Result>;
  /** Sends a PUT: `request` with that method. */
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

/** The agent of a client for an endpoint, in place of the one that pop-core makes. */
export function createProductAgent(endpoint: string): HttpAgent | HttpsAgent {
  return endpoint.startsWith('https://') ? createKeepAliveAgent(HttpsAgent) : createKeepAliveAgent(HttpAgent);
}
