import { Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import {
  getOssClusterClientToken,
  ossClusterClient,
  type ProxyOssClusterClient,
} from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { startApp } from '../support/app-fixture.js';

describe('a cluster client', () => {
  const buckets = ['one', 'other'];
  let cloud: AlibabaCloudEmulator;
  let app: TestingModule;

  beforeAll(async () => {
    cloud = await AlibabaCloudEmulator.start({ secrets: ['oss-secret'] });
    const node = { endpoint: cloud.endpoints.oss, region: 'oss-cn-hangzhou' };
    const cluster = buckets.map((bucket) => ({ ...node, bucket }));
    app = await startApp(cloud, { clients: [ossClusterClient('oss-secret', { cluster })] });
  });
  afterAll(async () => {
    await app.close();
    await cloud.stop();
  });

  it('stores a stream whole in every node, although the nodes share it', async () => {
    const client = app.get<ProxyOssClusterClient>(getOssClusterClientToken('oss-secret'));
    const chunks = Array.from({ length: 100 }, (_, index) => `chunk ${index}, `);
    await client.put('new', Readable.from(chunks));
    const stored = buckets.map((bucket) => String(cloud.object(bucket, 'new')?.body));
    expect(stored).toEqual([chunks.join(''), chunks.join('')]);
  });
});
