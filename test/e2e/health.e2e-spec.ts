import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import type { TestingModule } from '@nestjs/testing';
import type { ManagedCredentialsModuleOptions } from 'nestjs-aliyun-managed-credentials';
import {
  ManagedCredentialsHealthIndicator,
  type CredentialsHealthOptions,
} from 'nestjs-aliyun-managed-credentials/terminus';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { partsOf, startApp, testAcsClient, testOssClient } from '../support/app-fixture.js';
import { until } from '../support/poll.js';

let cloud: AlibabaCloudEmulator;
let app: TestingModule;

beforeAll(async () => {
  cloud = await AlibabaCloudEmulator.start({ secrets: ['acs-secret', 'oss-secret'] });
});
afterEach(async () => {
  await app.close();
  cloud.clearFaults();
});
afterAll(() => cloud.stop());

async function start(options: ManagedCredentialsModuleOptions = {}) {
  app = await startApp(cloud, {
    imports: [TerminusModule.forRoot({ logger: false })],
    providers: [ManagedCredentialsHealthIndicator],
    clients: [testAcsClient(cloud), testOssClient(cloud)],
    options: { expiredKeyWaitMs: 0, ...options },
  });
  const indicator = app.get(ManagedCredentialsHealthIndicator);
  const check = (limits?: CredentialsHealthOptions) =>
    app
      .get(HealthCheckService)
      .check([() => indicator.isHealthy('keys', limits)])
      .then(({ status, details }) => ({ status, keys: details['keys'] }))
      .catch((error: { response: { status: string; details: Record<string, unknown> } }) => ({
        status: error.response.status,
        keys: error.response.details['keys'],
      }));
  return { check, ...partsOf(app) };
}

describe('the health of the credentials', () => {
  it('is up while KMS confirms all keys, and tells nothing of them', async () => {
    const { check } = await start();
    const { status, keys } = await check();
    expect(status).toBe('ok');
    expect(keys).toEqual({
      status: 'up',
      secrets: {
        'acs-secret': expect.objectContaining({
          state: 'fresh',
          versionId: cloud.secret('acs-secret').versionId,
        }),
        'oss-secret': expect.objectContaining({ state: 'fresh' }),
      },
    });
    expect(JSON.stringify(keys)).not.toContain('LTAI');
  });

  it('is up for secrets of a lazy start that nothing has needed yet, and says so', async () => {
    const { check, service } = await start({ startup: 'lazy' });
    await service.getCredentials('oss-secret');
    const { status, keys } = await check({ maxStaleMs: 0 });
    expect(status).toBe('ok');
    expect(keys).toEqual({
      status: 'up',
      note: 'the keys of acs-secret are fetched at their first use',
      secrets: expect.objectContaining({ 'acs-secret': expect.objectContaining({ state: 'stale' }) }),
    });
  });

  it('is up with a warning of its own while a refused key is being replaced, however old it is', async () => {
    const { check, acs } = await start({ expiredKeyWaitMs: 20_000 });
    cloud.revoke(cloud.secret('acs-secret').accessKeyId);
    const call = acs().request('DescribeRegions', {});
    const limits = { maxStaleMs: 0, warnAfterMs: 3_600_000 };
    await until(async () => JSON.stringify(await check(limits)).includes('warning'), 'a warning');
    await expect(check(limits)).resolves.toMatchObject({
      status: 'ok',
      keys: {
        status: 'up',
        warning: 'the cloud refused the keys of acs-secret, and KMS is asked for others',
        secrets: { 'acs-secret': { state: 'stale' } },
      },
    });
    cloud.rotate('acs-secret');
    await call;
    expect((await check(limits)).keys).not.toHaveProperty('warning');
  });

  it('warns of an outage of KMS only after warnAfterMs', async () => {
    const { check, service } = await start();
    cloud.fail('dedicatedKms', { status: 403, code: 'Forbidden.NoPermission' }, Infinity);
    await service.refresh('acs-secret').catch(() => undefined);
    expect((await check({ warnAfterMs: 3_600_000 })).keys).not.toHaveProperty('warning');
    expect((await check({ warnAfterMs: 0 })).keys).toHaveProperty('warning');
  });

  it('is up with a warning while KMS is down', async () => {
    const { check, service } = await start();
    cloud.fail('dedicatedKms', { status: 403, code: 'Forbidden.NoPermission' }, Infinity);
    await service.refresh('acs-secret').catch(() => undefined);
    await expect(check()).resolves.toMatchObject({
      status: 'ok',
      keys: {
        status: 'up',
        warning: 'KMS cannot confirm the keys of acs-secret at the moment',
        secrets: { 'acs-secret': { state: 'stale', lastErrorCode: 'Forbidden.NoPermission' } },
      },
    });
  });

  it('is down when a key is older than it may be', async () => {
    const { check, service } = await start();
    cloud.fail('dedicatedKms', { status: 403, code: 'Forbidden.NoPermission' }, Infinity);
    await service.refresh('acs-secret').catch(() => undefined);
    await expect(check({ maxStaleMs: 60_000 })).resolves.toMatchObject({ status: 'ok' });
    await expect(check({ maxStaleMs: 0 })).resolves.toMatchObject({
      status: 'error',
      keys: { status: 'down', error: 'KMS has not confirmed the keys of acs-secret within maxStaleMs' },
    });
    await expect(check({ maxStaleMs: 10, secretNames: ['oss-secret'] })).resolves.toMatchObject({
      status: 'ok',
    });
  });

  it('is down while the cloud refuses a key that KMS does not replace', async () => {
    const { check, acs, service } = await start();
    const { accessKeyId } = await service.getCredentials('acs-secret');
    cloud.revoke(accessKeyId);
    await acs()
      .request('DescribeRegions', {})
      .catch(() => undefined);
    await expect(check()).resolves.toMatchObject({
      status: 'error',
      keys: {
        status: 'down',
        error: 'the cloud refuses the keys of acs-secret, and KMS has no others',
        secrets: { 'acs-secret': { state: 'failing' } },
      },
    });
    cloud.restore(accessKeyId);
  });

  it('is down while KMS gives no key, and names each reason there is', async () => {
    const { check, acs, service } = await start({ startup: 'lazy' });
    cloud.denySecret('oss-secret');
    await service.getCredentials('oss-secret').catch(() => undefined);
    const { accessKeyId } = await service.getCredentials('acs-secret');
    cloud.revoke(accessKeyId);
    await acs()
      .request('DescribeRegions', {})
      .catch(() => undefined);
    const { status, keys } = await check();
    cloud.allowSecret('oss-secret');
    cloud.restore(accessKeyId);
    expect(status).toBe('error');
    expect(keys).toMatchObject({
      error:
        'KMS has given no keys of oss-secret; the cloud refuses the keys of acs-secret, and KMS has no others',
    });
    expect(keys).not.toHaveProperty('warning');
  });

  it('is down for a secret that nobody has asked for', async () => {
    const { check } = await start();
    await expect(check({ secretNames: ['acs-secret', 'unknown'] })).resolves.toMatchObject({
      status: 'error',
      keys: { missing: ['unknown'], error: 'nothing in the application has asked for unknown' },
    });
  });
});
