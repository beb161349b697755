import type { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';

import {
  managedClient,
  withManagedKey,
  type ManagedClientDefinition,
} from 'nestjs-aliyun-managed-credentials';
import TableStore, { type Client } from 'tablestore';

/** The token under which the client is injected. */
export const TABLE_STORE = 'TABLE_STORE';

export interface TableStoreOptions {
  /** Such as `https://shop.cn-hangzhou.ots.aliyuncs.com`. */
  readonly endpoint: string;
  readonly instancename: string;
  /** @default one for HTTPS that keeps connections open */
  readonly agent?: HttpAgent;
}

/** Defines the client of a Tablestore instance, signed with the key of a secret. */
export const tableStoreClient = (
  secretName: string,
  { agent, ...options }: TableStoreOptions,
): ManagedClientDefinition<Client> =>
  managedClient({
    token: TABLE_STORE,
    secretName,
    sdk: 'tablestore',
    // The SDK cannot read the answer of a refused request: it has no code, and its text is in the message.
    akExpireHandler: {
      judgeAkExpire: (error) =>
        error instanceof Error &&
        /OTSAuthFailed[^]*The AccessKeyID (?:does not exist|is disabled)/.test(error.message),
    },
    create: (context) => {
      const httpOptions = { agent: agent ?? new Agent({ keepAlive: true }) };
      const client = new TableStore.Client({ ...options, httpOptions });
      return withManagedKey(client, context, {
        methods: ['makeRequest'],
        fields: {
          config: ({ accessKeyId, accessKeySecret }) => ({
            ...client.config,
            getCredentials: () => ({ accessKeyId, secretAccessKey: accessKeySecret }),
          }),
        },
      });
    },
    close: (client) => client.config.httpOptions?.agent?.destroy(),
  });
