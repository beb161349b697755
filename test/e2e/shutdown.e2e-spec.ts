import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { buildApp, partsOf, startApp, testAcsClient } from '../support/app-fixture.js';
import { AppProcess } from '../support/app-process.js';

let cloud: AlibabaCloudEmulator;

beforeAll(async () => {
  cloud = await AlibabaCloudEmulator.start({ secrets: ['acs-secret', 'oss-secret'] });
});
afterEach(() => {
  cloud.clearFaults();
});
afterAll(() => cloud.stop());

describe('a process', () => {
  it.each([
    ['right-after-boot', /^closed at/],
    ['twice', /^closed at/],
    ['under-load', /codes .*Closed/],
    ['without-close', /^closed at/],
    ['connections-of-a-v2-sdk', /^closed at/],
  ])('ends by itself within a second: %s', async (how, said) => {
    const app = new AppProcess(cloud, 'process-end.mjs', how);
    const { exitCode, at } = await app.ended();
    expect(app.printed).toMatch(said);
    expect(exitCode).toBe(0);
    const closedAt = Number(/closed at (\d+)/.exec(app.printed)?.[1]);
    expect(at - closedAt).toBeLessThan(1000);
  });

  it('ends by itself while a call waits for a key, which then fails with the error of the SDK', async () => {
    const { accessKeyId } = cloud.secret('acs-secret');
    cloud.revoke(accessKeyId);
    const app = new AppProcess(cloud, 'process-end.mjs', 'waiting-for-a-key');
    const { exitCode } = await app.ended();
    cloud.restore(accessKeyId);
    expect(app.printed).toMatch(/codes InvalidAccessKeyId\.NotFound/);
    expect(exitCode).toBe(0);
  });
});

describe('app.close()', () => {
  it('lets a call that is under way come back', async () => {
    const app = await startApp(cloud, { clients: [testAcsClient(cloud)] });
    cloud.fail('openapi', { delayMs: 200 });
    const call = partsOf(app).acs().request('DescribeRegions', {});
    await app.close();
    await expect(call).resolves.toHaveProperty('Regions');
  });

  it('does not wait for long', async () => {
    const app = await startApp(cloud, { clients: [testAcsClient(cloud)] });
    cloud.fail('openapi', 'hang');
    const call = partsOf(app)
      .acs()
      .request('DescribeRegions', {})
      .catch((error: unknown) => error);
    const startedAt = performance.now();
    await app.close();
    expect(performance.now() - startedAt).toBeLessThan(900);
    expect(await call).toMatchObject({ code: 'ECONNRESET' });
  });

  it('makes every later use a clear error', async () => {
    const app = await startApp(cloud, { clients: [testAcsClient(cloud)] });
    const { acs, service } = partsOf(app);
    await app.close();
    const uses = [
      () => acs().request('DescribeRegions', {}),
      () => service.getCredentials('acs-secret'),
      () => service.refresh('acs-secret'),
      () => service.provider('acs-secret').getCredentials(),
    ];
    for (const use of uses) {
      await expect(use()).rejects.toMatchObject({
        name: 'ClosedError',
        code: 'Closed',
        secretName: 'acs-secret',
      });
    }
  });

  it('follows a start that is under way, which is bounded by its own time-out', async () => {
    cloud.fail('dedicatedKms', 'hang', Infinity);
    const app = await buildApp(cloud, {
      clients: [testAcsClient(cloud)],
      options: { startupTimeoutMs: 500 },
    });
    const starting = app.init().catch((error: unknown) => error);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await app.close();
    expect(await starting).toMatchObject({ name: 'StartupError' });
  });
});
