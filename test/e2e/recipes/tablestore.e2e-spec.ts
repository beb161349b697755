import { Agent } from 'node:http';

import { describe, expect, it } from '@jest/globals';
import TableStore from 'tablestore';

import { TABLE_STORE, tableStoreClient } from '../../../sample/recipes/tablestore.js';
import { recipeSuite } from '../../support/recipe-suite.js';
import { tableStoreProtocol } from '../../support/services/tablestore-protocol.js';

describe('the recipe for tablestore', () => {
  const current = recipeSuite({
    protocol: tableStoreProtocol,
    tokenOf: () => TABLE_STORE,
    define: (secretName, service) =>
      tableStoreClient(secretName, {
        endpoint: service.url,
        instancename: 'shop',
        agent: new Agent({ keepAlive: true }),
      }),
    call: (client, number) =>
      client.putRow({
        tableName: 'orders',
        condition: new TableStore.Condition(TableStore.RowExistenceExpectation.IGNORE, null),
        primaryKey: [{ id: `order ${number}` }],
        attributeColumns: [{ paid: true }],
      }),
    denied: { code: 403, message: expect.stringContaining('OTSNoPermissionAccess') },
    tellsDisabledKeys: true,
    endsConnections: true,
  });

  it('other operations are signed and sent again as well', async () => {
    const { client, keys, kmsCalls } = current();
    keys.emergencyRotate();
    await expect(client.listTable({})).resolves.toMatchObject({ tableNames: ['orders', 'customers'] });
    expect(kmsCalls()).toBe(1);
  });

  it('a call with a callback is signed with the current key, and not sent again', async () => {
    const { client, keys, service } = current();
    type WithCallback = (operation: string, params: object, done: (error: unknown) => void) => unknown;
    const list = () =>
      new Promise<unknown>((resolve) => {
        (client.makeRequest as WithCallback)('listTable', {}, resolve);
      });
    expect(await list()).toBeNull();
    keys.emergencyRotate();
    expect(await list()).toMatchObject({ code: 403 });
    expect(service.requestCount).toBe(2);
    expect(keys.tornPairs).toBe(0);
  });
});
