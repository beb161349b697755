import { Readable } from 'node:stream';

import { describe, expect, it } from '@jest/globals';

import { FC, fcClient } from '../../../sample/recipes/fc2.js';
import { recipeSuite } from '../../support/recipe-suite.js';
import { fcProtocol } from '../../support/services/fc-protocol.js';

describe('the recipe for @alicloud/fc2', () => {
  const current = recipeSuite({
    protocol: fcProtocol,
    tokenOf: () => FC,
    define: (secretName, service) =>
      fcClient(secretName, { accountId: '1234567890123456', region: 'cn-hangzhou', endpoint: service.url }),
    call: async (client, number) => {
      const { data } = await client.invokeFunction('shop', 'bill', `order ${number}`);
      return data;
    },
    denied: { code: 'AccessDenied' },
    tellsDisabledKeys: false,
    // The SDK's connections belong to the whole process.
    endsConnections: false,
  });

  it('a body that is a stream is not sent again: the error of the SDK is thrown, and the next call works', async () => {
    const { client, keys, service } = current();
    const send = () =>
      client.request('POST', '/services/shop/functions/bill/invocations', null, Readable.from(['order 1']));
    keys.emergencyRotate();
    await expect(send()).rejects.toMatchObject({ code: 'InvalidAccessKeyID' });
    expect(service.requestCount).toBe(1);
    await expect(send()).resolves.toMatchObject({ data: 'order 1' });
  });

  it('what signs without sending, such as a WebSocket, has the current key, whole', () => {
    const { client, keys } = current();
    const { accessKeyID, accessKeySecret } = client;
    const claim = { accessKeyId: accessKeyID, isSignedWith: (secret: string) => secret === accessKeySecret };
    expect(keys.judge(claim)).toBe('accepted');
  });
});
