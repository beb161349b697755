import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import type { TestingModule } from '@nestjs/testing';
import {
  ManagedCredentialsHealthIndicator,
  type CredentialsHealthOptions,
} from 'nestjs-aliyun-managed-credentials/terminus';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { partsOf, startApp, testAcsClient, testOssClient } from '../support/app-fixture.js';

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

async function start(startup: 'eager' | 'lazy' = 'eager') {
  app = await startApp(cloud, {
    imports: [TerminusModule.forRoot({ logger: false })],
    providers: [ManagedCredentialsHealthIndicator],
    clients: [testAcsClient(cloud), testOssClient(cloud)],
    options: { startup, expiredKeyWaitMs: 0 },
  });
  const indicator = app.get(ManagedCredentialsHealthIndicator);
  const check = (options?: CredentialsHealthOptions) =>
    app
      .get(HealthCheckService)
      .check([() => indicator.isHealthy('keys', options)])
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

  it('is up for a secret of a lazy start that nobody has needed yet', async () => {
    const { check } = await start('lazy');
    const { status, keys } = await check();
    expect(status).toBe('ok');
    expect(keys).toMatchObject({ status: 'up', secrets: { 'acs-secret': { state: 'stale' } } });
    expect(keys).not.toHaveProperty('warning');
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
      keys: { status: 'down' },
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
      keys: { status: 'down', secrets: { 'acs-secret': { state: 'failing' } } },
    });
    cloud.restore(accessKeyId);
  });

  it('is down for a secret that nobody has asked for', async () => {
    const { check } = await start();
    await expect(check({ secretNames: ['acs-secret', 'unknown'] })).resolves.toMatchObject({
      status: 'error',
      keys: { missing: ['unknown'] },
    });
  });
});
