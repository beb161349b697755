import type { Agent, RequestOptions } from 'node:https';

import Core from '@alicloud/pop-core';

/** What a request needs besides its parameters. */
export interface RpcOptions {
  readonly method: 'POST';
  readonly agent: Agent;
  readonly connectTimeout: number;
  readonly readTimeout: number;
  /** The last word on the options of node:https. */
  readonly beforeRequest: (options: RequestOptions) => RequestOptions;
}

/** Credentials as pop-core takes them; without any it sends the parameters as they are. */
export interface RpcCredentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string | undefined;
}

interface RpcClient {
  request(
    action: string,
    parameters: object,
    options: RpcOptions,
  ): Promise<[answer: unknown, exchange: { readonly response: { readonly statusCode: number } }]>;
}

interface RpcClientConfig {
  endpoint: string;
  apiVersion: string;
  credentialsProvider: { getCredentials(): RpcCredentials | undefined };
}

/** pop-core's RPC client in its verbose form, with the types that it lacks. */
export const VerboseRpcClient = Core as unknown as new (config: RpcClientConfig, verbose: true) => RpcClient;
