import { describe, expect, it } from '@jest/globals';

import { LOG, logClient } from '../../../sample/recipes/log.js';
import { loopbackAgent } from '../../support/loopback-agent.js';
import { recipeSuite } from '../../support/recipe-suite.js';
import { slsProtocol } from '../../support/services/sls-protocol.js';

describe('the recipe for @alicloud/log', () => {
  const current = recipeSuite({
    protocol: slsProtocol,
    tokenOf: () => LOG,
    define: (secretName, { port }) =>
      logClient(secretName, { endpoint: `http://sls.test:${port}`, agent: loopbackAgent() }),
    call: (client, number) =>
      client.postLogStoreLogs('shop', 'orders', {
        topic: 'paid',
        logs: [{ timestamp: 1_700_000_000, content: { order: String(number) } }],
      }),
    denied: { code: 'Unauthorized' },
    tellsDisabledKeys: true,
    endsConnections: true,
  });

  it('queries are signed with their parameters, and sent again with the same ones', async () => {
    const { client, keys } = current();
    keys.emergencyRotate();
    const [from, to] = [new Date(0), new Date(60_000)];
    await expect(
      client.getLogs('shop', 'orders', from, to, { query: 'order: 7', line: 10 }),
    ).resolves.toMatchObject({
      path: '/logstores/orders',
      query: { type: 'log', from: '0', to: '60', query: 'order: 7', line: '10' },
    });
  });
});
