import { describe, expect, it } from '@jest/globals';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { partsOf, startApp, testAcsClient, testOssClient } from '../support/app-fixture.js';
import { LONG_TESTS } from '../support/long-tests.js';

const SECRET = 'short-lived-secret';
const CYCLES = LONG_TESTS ? 1000 : 200;

describe('a module that is made and closed many times with all clients', () => {
  it('leaves no sockets, timers or listeners behind', async () => {
    const cloud = await AlibabaCloudEmulator.start({ secrets: [SECRET] });
    const { accessKeyId, accessKeySecret } = cloud.kmsIdentity;
    const kms = {
      regions: [{ endpoint: cloud.endpoints.kms.replace('https://', ''), ca: cloud.certificates.ca }],
      credentials: { type: 'ak' as const, accessKeyId, accessSecret: accessKeySecret },
    };
    const cycle = async () => {
      const app = await startApp(cloud, {
        options: { kms },
        clients: [testAcsClient(cloud, SECRET), testOssClient(cloud, SECRET)],
      });
      await Promise.all([
        partsOf(app).acs(SECRET).request('DescribeRegions', {}),
        partsOf(app).oss(SECRET).put('x', Buffer.from('x')),
      ]);
      await app.close();
    };
    const resources = () => {
      const counts: Record<string, number> = {};
      for (const type of process.getActiveResourcesInfo()) counts[type] = (counts[type] ?? 0) + 1;
      return { sockets: counts['TCPSocketWrap'] ?? 0, timeouts: counts['Timeout'] ?? 0 };
    };
    const listeners = () => process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);

    for (let warmUp = 0; warmUp < 20; warmUp++) await cycle();
    const before = { ...resources(), listeners: listeners() };
    for (let count = 0; count < CYCLES; count++) {
      await cycle();
      if (count % 100 === 0) cloud.clearRequests();
    }
    const after = { ...resources(), listeners: listeners() };
    expect(after.sockets - before.sockets).toBeLessThanOrEqual(4);
    expect(after.timeouts - before.timeouts).toBeLessThanOrEqual(4);
    expect(after.listeners).toBe(before.listeners);
    await cloud.stop();
  }, 120_000);
});
