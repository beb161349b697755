import { CreateProjectRequest, ListProjectRequest } from '@alicloud/sls20201230';
import { describe, expect, it } from '@jest/globals';
import { getOpenApiClientToken } from 'nestjs-aliyun-managed-credentials/openapi';

import { slsClient } from '../../../sample/recipes/sls20201230.js';
import { recipeSuite } from '../../support/recipe-suite.js';
import { slsProtocol } from '../../support/services/sls-protocol.js';

describe('the recipe for @alicloud/sls20201230', () => {
  const current = recipeSuite({
    protocol: slsProtocol,
    tokenOf: getOpenApiClientToken,
    define: (secretName, service) =>
      slsClient(secretName, { regionId: 'cn-hangzhou', endpoint: service.authority, protocol: 'HTTP' }),
    call: async (client, number) => {
      const { body } = await client.listProject(new ListProjectRequest({ projectName: `shop-${number}` }));
      return body?.projects?.map(({ projectName }) => projectName);
    },
    denied: { code: 'Unauthorized' },
    tellsDisabledKeys: true,
    // The SDK's connections belong to the whole process.
    endsConnections: false,
  });

  it('a body is sent again as it was', async () => {
    const { client, keys, service } = current();
    const request = new CreateProjectRequest({ projectName: 'shop', description: 'orders' });
    await client.createProject(request);
    keys.emergencyRotate();
    await client.createProject(request);
    const [first, second] = service.served.map(({ body }) => String(body));
    expect(JSON.parse(first ?? '')).toEqual({ projectName: 'shop', description: 'orders' });
    expect(second).toBe(first);
  });
});
