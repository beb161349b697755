import { Agent } from 'node:http';

import { describe, expect, it } from '@jest/globals';

import { MNS, mnsClient } from '../../../sample/recipes/mns.js';
import { recipeSuite } from '../../support/recipe-suite.js';
import { mnsProtocol } from '../../support/services/mns-protocol.js';

describe('the recipe for MNS', () => {
  const current = recipeSuite({
    protocol: mnsProtocol,
    tokenOf: () => MNS,
    define: (secretName, service) =>
      mnsClient(secretName, {
        accountId: '1234567890123456',
        endpoint: service.url,
        agent: new Agent({ keepAlive: true }),
      }),
    call: async (client, number) => {
      const { body } = await client.sendMessage('orders', { MessageBody: `order ${number}` });
      return body.MessageBodyMD5;
    },
    denied: { name: 'MNSAccessDeniedError' },
    tellsDisabledKeys: false,
    endsConnections: true,
  });

  it('leaves the options of a request as they were, so that nothing of one sending gets into the next', async () => {
    const { client, keys } = current();
    const options = { readTimeout: 1000 };
    keys.emergencyRotate();
    await client.request('DELETE', '/queues/orders/messages?ReceiptHandle=1', 'Message', '', [], options);
    expect(options).toEqual({ readTimeout: 1000 });
  });
});
