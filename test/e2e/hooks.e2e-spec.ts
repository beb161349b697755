import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { SECRET_NAME_RESOLVER, SECRET_RECOVERY } from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { partsOf, startApp, testAcsClient, type AppParts } from '../support/app-fixture.js';
import { RecordingLogger } from '../support/recording-logger.js';

const FAST = { kms: { fetchTimeoutMs: 200 }, startupTimeoutMs: 500, expiredKeyWaitMs: 0 };
let cloud: AlibabaCloudEmulator;
let directory: string;
const apps: TestingModule[] = [];

async function start(parts: AppParts = {}) {
  const logger = new RecordingLogger();
  const app = await startApp(cloud, { clients: [testAcsClient(cloud)], logger, ...parts });
  apps.push(app);
  return { app, logger, ...partsOf(app) };
}

beforeAll(async () => {
  cloud = await AlibabaCloudEmulator.start({ secrets: ['acs-secret', 'prod/acs-secret'] });
  directory = mkdtempSync(join(tmpdir(), 'hooks-'));
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  cloud.clearFaults();
  cloud.clearRequests();
});
afterAll(async () => {
  await cloud.stop();
  rmSync(directory, { recursive: true });
});

describe('SECRET_NAME_RESOLVER', () => {
  it('turns the names in code into those in KMS, at the first fetch and in an emergency', async () => {
    const resolver = { resolveSecretName: async (name: string) => `prod/${name}` };
    const { acs, service } = await start({
      providers: [{ provide: SECRET_NAME_RESOLVER, useValue: resolver }],
    });
    expect(service.peek('acs-secret')?.accessKeyId).toBe(cloud.secret('prod/acs-secret').accessKeyId);
    cloud.emergencyRotate('prod/acs-secret');
    await acs().request('DescribeRegions', {});
    expect(new Set(cloud.requests('dedicatedKms').map(({ secretName }) => secretName))).toEqual(
      new Set(['prod/acs-secret']),
    );
    expect(service.status().map(({ secretName }) => secretName)).toEqual(['acs-secret']);
  });

  it('leaves the names in code to events, also where two of them are one in KMS', async () => {
    const resolver = { resolveSecretName: () => 'prod/acs-secret' };
    const { service } = await start({
      clients: [],
      providers: [{ provide: SECRET_NAME_RESOLVER, useValue: resolver }],
    });
    const requests: string[] = [];
    service.events.subscribe((event) => {
      if (event.type === 'kmsRequest') requests.push(`${event.secretName} in ${event.regionId}`);
    });
    await Promise.all(['blue', 'green'].map((name) => service.getCredentials(name)));
    expect(requests.toSorted()).toEqual(['blue in cn-hangzhou', 'green in cn-hangzhou']);
  });

  it.each([
    [
      'never answers',
      () => new Promise<string>(() => undefined),
      /SECRET_NAME_RESOLVER gave no name in time/,
    ],
    ['gives no name', () => '', /SECRET_NAME_RESOLVER gave no name for secret "acs-secret"/],
    [
      'fails',
      () => {
        throw new TypeError('hunter2');
      },
      /SECRET_NAME_RESOLVER failed \(TypeError\) for secret "acs-secret"/,
    ],
  ])('that %s stops the start with a clear error', async (_what, resolveSecretName, message) => {
    const attempt = start({
      providers: [{ provide: SECRET_NAME_RESOLVER, useValue: { resolveSecretName } }],
      options: FAST,
    });
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.not.toThrow(/hunter2/);
  });
});

describe('SECRET_RECOVERY', () => {
  it('lets the application start while KMS is down', async () => {
    const { accessKeyId, accessKeySecret } = cloud.secret('acs-secret');
    cloud.fail('dedicatedKms', { status: 503 }, Infinity);
    @Module({
      providers: [
        {
          provide: SECRET_RECOVERY,
          useValue: {
            recoverSecret: async () => ({
              secretData: JSON.stringify({ AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret }),
            }),
          },
        },
      ],
    })
    class RecoveryModule {}
    const { acs, service, logger } = await start({ imports: [RecoveryModule], options: FAST });
    await expect(acs().request('DescribeRegions', {})).resolves.toBeDefined();
    expect(service.status()[0]).toMatchObject({ state: 'stale', versionId: 'recovered' });
    expect(logger.lines.join('\n')).toMatch(
      /warn: Secret "acs-secret": no KMS endpoint answers; .* was taken from the recovery/,
    );
  });

  it.each([
    ['has nothing', async () => undefined],
    ['gives nonsense', async () => ({ secretData: 'hunter2' })],
    ['fails', () => Promise.reject(new Error('hunter2'))],
  ])('that %s leaves the error as it is', async (_what, recoverSecret) => {
    cloud.fail('dedicatedKms', { status: 503 }, Infinity);
    const attempt = start({
      providers: [{ provide: SECRET_RECOVERY, useValue: { recoverSecret } }],
      options: FAST,
    });
    await expect(attempt).rejects.toThrow(/could not be fetched within .* ServiceUnavailableTemporary/s);
    await expect(attempt).rejects.not.toThrow(/hunter2/);
  });
});

describe('the file cache', () => {
  it('lets the application start while KMS is down, with the key of the last run', async () => {
    // Stretching the passphrase takes its time.
    const patient = { ...FAST, startupTimeoutMs: 20_000 };
    const options = { ...patient, fileCache: { directory: join(directory, 'cache'), key: 'a passphrase' } };
    const { service } = await start({ options });
    const { versionId } = await service.getCredentials('acs-secret');
    for (const app of apps.splice(0)) await app.close();

    cloud.fail('dedicatedKms', { status: 503 }, Infinity);
    const second = await start({ options });
    await expect(second.acs().request('DescribeRegions', {})).resolves.toBeDefined();
    expect(second.service.status()[0]).toMatchObject({
      state: 'stale',
      versionId,
      lastErrorCode: 'ServiceUnavailableTemporary',
    });
    expect(second.logger.lines.join('\n')).toMatch(/was taken from the file cache until one does/);
    expect(second.logger.lines.join('\n')).not.toContain(cloud.secret('acs-secret').accessKeySecret);
  });

  it('refuses a key that is none, at start-up', async () => {
    await expect(start({ options: { fileCache: { directory, key: Buffer.alloc(5) } } })).rejects.toThrow(
      /fileCache\.key: is neither a passphrase nor a key of 32 bytes/,
    );
  });
});

describe('a call with a time-out of its own', () => {
  it('does not wait longer than that for a newer key', async () => {
    const { acs, service } = await start();
    const { accessKeyId } = await service.getCredentials('acs-secret');
    cloud.revoke(accessKeyId);
    const startedAt = performance.now();
    await expect(acs().request('DescribeRegions', {}, { timeout: 300 })).rejects.toMatchObject({
      code: 'InvalidAccessKeyId.NotFound',
    });
    expect(performance.now() - startedAt).toBeLessThan(1500);
    cloud.restore(accessKeyId);
  });
});
