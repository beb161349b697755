import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { acsClient } from './support/acs-clients.js';
import { ossClient } from './support/oss-client.js';
import { startCloud } from './support/start-cloud.js';

describe('many calls at once', () => {
  let cloud: AlibabaCloudEmulator;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'] });
  });
  afterAll(() => cloud.stop());

  test('are all answered by the OpenAPI gateway', async () => {
    const client = acsClient(cloud, cloud.secret('one'));
    const options = { method: 'POST', timeout: 30_000 };
    const calls = Array.from({ length: 1000 }, () => client.request('A', {}, options));
    await Promise.all(calls);
    expect(cloud.requests('openapi').filter(({ status }) => status === 200)).toHaveLength(1000);
  });

  test('are all answered by OSS, each with its own bytes', async () => {
    const client = ossClient(cloud, cloud.secret('one'), { timeout: 30_000 });
    const names = Array.from({ length: 400 }, (_, index) => `object-${index}`);
    await Promise.all(names.map((name) => client.put(name, Buffer.from(name.repeat(50)))));
    expect(names.filter((name) => cloud.object('photos', name)?.body.toString() !== name.repeat(50))).toEqual(
      [],
    );
  });
});
