import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { InjectRoaClient, ProxyRoaClient, roaClient } from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { startApp } from '../support/app-fixture.js';

@Injectable()
class Clusters {
  constructor(@InjectRoaClient('roa-secret') readonly client: ProxyRoaClient) {}
}

describe('ROA calls', () => {
  let cloud: AlibabaCloudEmulator;
  let app: TestingModule;
  let client: ProxyRoaClient;

  beforeAll(async () => {
    cloud = await AlibabaCloudEmulator.start({ secrets: ['roa-secret'] });
    app = await startApp(cloud, {
      clients: [roaClient('roa-secret', { endpoint: cloud.endpoints.openapi, apiVersion: '2015-12-15' })],
      providers: [Clusters],
    });
    ({ client } = app.get(Clusters));
  });
  beforeEach(() => {
    cloud.clearFaults();
    cloud.emergencyRotate('roa-secret');
    cloud.clearRequests();
  });
  afterAll(async () => {
    await app.close();
    await cloud.stop();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['get', () => client.get('/clusters', { page: '1' })],
    ['post', () => client.post('/clusters', {}, '{"name":"one"}', { 'content-type': 'application/json' })],
    ['put', () => client.put('/clusters/1', {}, '{"name":"two"}', { 'content-type': 'application/json' })],
    ['delete', () => client.delete('/clusters/1')],
    ['request', () => client.request('GET', '/clusters')],
  ])('%s is sent again with the new key', async (_method, call) => {
    await expect(call()).resolves.toBeDefined();
    expect(cloud.requests('openapi')).toHaveLength(2);
    expect(cloud.requests('dedicatedKms')).toHaveLength(1);
  });

  it('raw bodies are too, although the SDK takes the refusal for a success', async () => {
    const body = await client.get('/clusters', {}, {}, { rawBody: true });
    expect(typeof body).toBe('string');
    expect(body).not.toContain('InvalidAccessKeyId');
    expect(cloud.requests('openapi')).toHaveLength(2);
  });

  const xml = (code: string) =>
    `<?xml version="1.0"?><Error><RequestId>1</RequestId><HostId>h</HostId><Code>${code}</Code><Message>m</Message></Error>`;

  it.each([
    ['XML that the SDK reads', 'text/xml', xml('InvalidAccessKeyId.NotFound')],
    ['XML that the SDK hands out as text', 'application/xml', xml('InvalidAccessKeyId.NotFound')],
    [
      'XML that the SDK stumbles over',
      'text/xml',
      '<Error><Code>InvalidAccessKeyId.NotFound</Code><Message>m</Message></Error>',
    ],
  ])('a refusal in %s is understood', async (_what, contentType, body) => {
    cloud.fail('openapi', { status: 404, body, headers: { 'content-type': contentType } });
    await expect(client.get('/clusters')).resolves.toBeDefined();
    expect(cloud.requests('openapi').length).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['a raw body', { rawBody: true }, 'application/json', '{"Code":"Forbidden.RAM","Message":"no"}'],
    ['XML as text', {}, 'application/xml', xml('Forbidden.RAM')],
    ['HTML', {}, 'text/html', '<html>502</html>'],
  ])('what the SDK makes of another error stays as it is: %s', async (_what, options, contentType, body) => {
    await client.get('/clusters');
    cloud.clearRequests();
    cloud.fail('openapi', { status: 403, body, headers: { 'content-type': contentType } });
    await expect(client.get('/clusters', {}, {}, options)).resolves.toBe(body);
    expect(cloud.requests('openapi')).toHaveLength(1);
  });

  it('an error of the service is that of the SDK', async () => {
    await client.get('/clusters');
    cloud.fail('openapi', { status: 404, code: 'ErrorClusterNotFound' });
    await expect(client.get('/clusters/9')).rejects.toMatchObject({
      name: 'ErrorClusterNotFoundError',
      code: 'ErrorClusterNotFound',
      statusCode: 404,
    });
  });
});
