import type { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';

import LogClient, { type LogRequestOptions } from '@alicloud/log';
import {
  managedClient,
  sdkErrorCode,
  withManagedKey,
  type CredentialsProvider,
} from 'nestjs-aliyun-managed-credentials';

/** The token under which the client is injected. */
export const LOG = 'LOG';

export interface LogOptions {
  /** Such as `https://cn-hangzhou.log.aliyuncs.com`. */
  readonly endpoint: string;
  /** @default one for HTTPS that keeps connections open */
  readonly agent?: HttpAgent;
}

/** The SDK's client, over connections that can be closed: those of the SDK are shared by the whole process. */
class OwnConnectionsClient extends LogClient {
  readonly agent: HttpAgent;

  constructor(
    { endpoint, agent = new Agent({ keepAlive: true }) }: LogOptions,
    credentialsProvider: CredentialsProvider,
  ) {
    super({ endpoint, credentialsProvider });
    this.agent = agent;
  }

  override _request(
    verb: string,
    project: string | undefined,
    path: string,
    queries: object,
    body: Buffer | null,
    headers: object,
    options: LogRequestOptions = {},
  ) {
    return super._request(verb, project, path, queries, body, headers, { agent: this.agent, ...options });
  }
}

/** Defines the client of the log service, signed with the key of a secret. */
export const logClient = (secretName: string, options: LogOptions) =>
  managedClient({
    token: LOG,
    secretName,
    sdk: 'log',
    // The code alone does not tell: a missing permission has the same one.
    akExpireHandler: {
      judgeAkExpire: (error) =>
        sdkErrorCode(error) === 'Unauthorized' &&
        error instanceof Error &&
        /AccessKeyId (?:not found|is disabled)/.test(error.message),
    },
    create: (context) =>
      withManagedKey(new OwnConnectionsClient(options, context.credentials), context, {
        methods: ['_request'],
        fields: { credentialsProvider: (key) => ({ getCredentials: async () => key }) },
      }),
    close: (client) => client.agent.destroy(),
  });
