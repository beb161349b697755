import { Readable } from 'node:stream';

import FcClient from '@alicloud/fc2';
import { ErrorCodeAkExpireHandler, managedClient, withManagedKey } from 'nestjs-aliyun-managed-credentials';

/** The token under which the client is injected. */
export const FC = 'FC';

export interface FcOptions {
  readonly accountId: string;
  readonly region: string;
  /** @default that of the account in the region */
  readonly endpoint?: string;
}

/** Defines the Function Compute client of an account, signed with the key of a secret. */
export const fcClient = (secretName: string, { accountId, ...options }: FcOptions) =>
  managedClient({
    token: FC,
    secretName,
    sdk: 'fc2',
    akExpireHandler: new ErrorCodeAkExpireHandler({ fc2: ['InvalidAccessKeyID'] }),
    create: (context) =>
      // The SDK insists on a key; the managed one takes its place.
      withManagedKey(
        new FcClient(accountId, { secure: true, ...options, accessKeyID: '-', accessKeySecret: '-' }),
        context,
        {
          methods: ['request'],
          fields: {
            accessKeyID: (key) => key.accessKeyId,
            accessKeySecret: (key) => key.accessKeySecret,
          },
          isReplayable: ([_method, _path, _query, body]) => !(body instanceof Readable),
        },
      ),
  });
