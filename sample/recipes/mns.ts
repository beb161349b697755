import type { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';

import MnsClient, { type MnsRequestOptions } from '@alicloud/mns';
import { managedClient, withManagedKey } from 'nestjs-aliyun-managed-credentials';

/** The token under which the client is injected. */
export const MNS = 'MNS';

export interface MnsOptions {
  readonly accountId: string;
  /** Such as `https://1234567890123456.mns.cn-hangzhou.aliyuncs.com`. */
  readonly endpoint: string;
  /** @default one for HTTPS that keeps connections open */
  readonly agent?: HttpAgent;
}

/** The SDK's client, over connections that can be closed: those of the SDK are shared by the whole process. */
class OwnConnectionsClient extends MnsClient {
  readonly agent: HttpAgent;

  constructor({ accountId, endpoint, agent = new Agent({ keepAlive: true }) }: MnsOptions) {
    // The SDK insists on a key; `withManagedKey` puts the managed one in its place.
    super(accountId, { endpoint, accessKeyId: '-', accessKeySecret: '-' });
    this.agent = agent;
  }

  override request(
    method: string,
    resource: string,
    type: string,
    body: string | Buffer,
    attentions: string[] = [],
    options: MnsRequestOptions = {},
  ) {
    return super.request(method, resource, type, body, attentions, { ...options, agent: this.agent });
  }
}

/** Defines the MNS client of an account, signed with the key of a secret. */
export const mnsClient = (secretName: string, options: MnsOptions) =>
  managedClient({
    token: MNS,
    secretName,
    sdk: 'mns',
    akExpireHandler: {
      judgeAkExpire: (error) => error instanceof Error && error.name === 'MNSInvalidAccessKeyIdError',
    },
    create: (context) =>
      withManagedKey(new OwnConnectionsClient(options), context, {
        methods: ['request'],
        fields: {
          accessKeyID: (key) => key.accessKeyId,
          accessKeySecret: (key) => key.accessKeySecret,
        },
      }),
    close: (client) => client.agent.destroy(),
  });
