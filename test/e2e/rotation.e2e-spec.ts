import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { partsOf, startApp, testAcsClient, testOssClient, type AppParts } from '../support/app-fixture.js';

let cloud: AlibabaCloudEmulator;
let app: TestingModule | undefined;

async function start(parts: AppParts = {}) {
  app = await startApp(cloud, { clients: [testAcsClient(cloud), testOssClient(cloud)], ...parts });
  cloud.clearRequests();
  return partsOf(app);
}

const times = <Result>(count: number, call: (index: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)));

beforeAll(async () => {
  cloud = await AlibabaCloudEmulator.start({ secrets: ['acs-secret', 'oss-secret'] });
});
afterEach(async () => {
  await app?.close();
  cloud.clearFaults();
});
afterAll(() => cloud.stop());

describe('an emergency rotation', () => {
  it('fails none of 1,000 concurrent calls, costs one KMS call, and sends each call exactly twice', async () => {
    // On a busy machine 2,000 requests may take longer than the SDK's own time-out of 3 s.
    const patient = { opts: { timeout: 30_000 } };
    const { acs } = await start({ clients: [testAcsClient(cloud, 'acs-secret', patient)] });
    cloud.emergencyRotate('acs-secret');
    const answers = await times(1000, (index) => acs().request('Echo', { Call: String(index) }));
    expect(answers.map((answer) => (answer as { Params: { Call: string } }).Params.Call)).toEqual(
      Array.from({ length: 1000 }, (_, index) => String(index)),
    );
    expect(cloud.requests('dedicatedKms')).toHaveLength(1);
    expect(cloud.requests('openapi')).toHaveLength(2000);
    const refused = cloud.requests('openapi').filter(({ code }) => code === 'InvalidAccessKeyId.NotFound');
    expect(refused).toHaveLength(1000);
    expect(cloud.tornPairs).toBe(0);
  });

  it('is not noticed by OSS calls either', async () => {
    const { oss } = await start();
    await oss().put('kept.txt', Buffer.from('kept'));
    cloud.clearRequests();
    cloud.emergencyRotate('oss-secret');
    const answers = await times(200, () => oss().get('kept.txt'));
    expect(answers.every(({ content }) => String(content) === 'kept')).toBe(true);
    expect(cloud.requests('dedicatedKms')).toHaveLength(1);
    expect(cloud.requests('oss')).toHaveLength(400);
  });

  it('needs no KMS call for a call that comes back after the new key is there', async () => {
    const { acs, service } = await start();
    cloud.fail('openapi', { delayMs: 300 });
    const slow = acs().request('DescribeRegions', {});
    cloud.emergencyRotate('acs-secret');
    await service.refresh('acs-secret');
    await slow;
    expect(cloud.requests('dedicatedKms')).toHaveLength(1);
  });

  it('is survived when KMS answers with the old version for 3 seconds more', async () => {
    const { acs, oss, service } = await start();
    await oss().put('kept.txt', Buffer.from('kept'));
    cloud.clearRequests();
    cloud.emergencyRotate('acs-secret', { kmsLagMs: 3000 });
    cloud.emergencyRotate('oss-secret', { kmsLagMs: 3000 });
    const startedAt = performance.now();
    await Promise.all([
      times(100, () => acs().request('DescribeRegions', {})),
      times(100, () => oss().get('kept.txt')),
    ]);
    expect(performance.now() - startedAt).toBeGreaterThan(2900);
    expect(cloud.requests('dedicatedKms').length).toBeLessThan(2 * 15);
    expect(service.status().map(({ state }) => state)).toEqual(['fresh', 'fresh']);
  });

  it('that strikes again during the wait costs no call', async () => {
    const { acs } = await start();
    cloud.emergencyRotate('acs-secret', { kmsLagMs: 500 });
    const calls = times(20, () => acs().request('DescribeRegions', {}));
    cloud.fail('openapi', { delayMs: 700 }, 20);
    setTimeout(() => cloud.emergencyRotate('acs-secret'), 300);
    await calls;
    const sendings = cloud.requests('openapi').length;
    expect(sendings).toBeLessThanOrEqual(60);
  });

  it('sends a call three times at most, and then throws the error of the SDK', async () => {
    const { acs } = await start();
    cloud.onAction('Doomed', () => ({}));
    cloud.fail(
      'openapi',
      {
        status: 404,
        code: 'InvalidAccessKeyId.NotFound',
        match: () => {
          cloud.rotate('acs-secret');
          return true;
        },
      },
      Infinity,
    );
    await expect(acs().request('Doomed', {})).rejects.toMatchObject({ code: 'InvalidAccessKeyId.NotFound' });
    expect(cloud.requests('openapi')).toHaveLength(3);
  });
});

describe('a key that stays refused', () => {
  it('makes the first calls wait and the later ones fail at once, with the error of the SDK', async () => {
    const { acs, service } = await start({ options: { expiredKeyWaitMs: 400 } });
    const key = await service.getCredentials('acs-secret');
    cloud.revoke(key.accessKeyId);
    const early = await times(50, () =>
      acs()
        .request('DescribeRegions', {})
        .catch((error: unknown) => error),
    );
    expect(early.every((error) => (error as { code?: string }).code === 'InvalidAccessKeyId.NotFound')).toBe(
      true,
    );
    const kmsCalls = cloud.requests('dedicatedKms').length;
    expect(kmsCalls).toBeLessThan(8);
    await times(50, () =>
      expect(acs().request('DescribeRegions', {})).rejects.toMatchObject({
        code: 'InvalidAccessKeyId.NotFound',
      }),
    );
    expect(cloud.requests('dedicatedKms')).toHaveLength(kmsCalls);
    expect(service.status()[0]).toMatchObject({ secretName: 'acs-secret', state: 'failing' });
    const types: string[] = [];
    service.events.subscribe(({ type }) => types.push(type));
    cloud.restore(key.accessKeyId);
    await times(50, () => acs().request('DescribeRegions', {}));
    expect(types.filter((type) => type === 'keyAccepted')).toHaveLength(1);
    expect(service.status()[0]).toMatchObject({ secretName: 'acs-secret', state: 'fresh' });
  });

  it('does not lock out other secrets', async () => {
    const { acs, oss, service } = await start({ options: { expiredKeyWaitMs: 0 } });
    const key = await service.getCredentials('acs-secret');
    cloud.revoke(key.accessKeyId);
    await expect(acs().request('DescribeRegions', {})).rejects.toMatchObject({
      code: 'InvalidAccessKeyId.NotFound',
    });
    cloud.emergencyRotate('oss-secret');
    await expect(oss().put('other.txt', Buffer.from('fine'))).resolves.toMatchObject({ name: 'other.txt' });
    cloud.restore(key.accessKeyId);
  });
});

describe('other failures', () => {
  it.each([
    ['a missing permission', { status: 403, code: 'Forbidden.RAM' }, 'Forbidden.RAM'],
    ['a bare Unauthorized', { status: 401, code: 'Unauthorized' }, 'Unauthorized'],
    ['throttling', { status: 400, code: 'Throttling.User' }, 'Throttling.User'],
    ['a dropped connection', 'drop' as const, 'ECONNRESET'],
  ])('%s reach the caller as they are, once sent, without a KMS call', async (_kind, fault, code) => {
    const { acs } = await start();
    cloud.fail('openapi', fault, Infinity);
    await expect(acs().request('DescribeRegions', {})).rejects.toMatchObject({ code });
    expect(cloud.requests('openapi')).toHaveLength(1);
    expect(cloud.requests('dedicatedKms')).toHaveLength(0);
  });

  it('a time-out is never taken for an expired key', async () => {
    const { acs } = await start();
    cloud.fail('openapi', 'hang', Infinity);
    await expect(acs().request('DescribeRegions', {}, { timeout: 200 })).rejects.toMatchObject({
      name: 'RequestTimeoutError',
    });
    expect(cloud.requests('openapi')).toHaveLength(1);
    expect(cloud.requests('dedicatedKms')).toHaveLength(0);
  });

  it('KMS being down does not hurt calls while the key is good', async () => {
    const { acs, service } = await start({ options: { kms: { fetchTimeoutMs: 300 } } });
    cloud.fail('dedicatedKms', { status: 503 }, Infinity);
    await expect(service.refresh('acs-secret')).rejects.toMatchObject({
      code: 'ServiceUnavailableTemporary',
      temporary: true,
    });
    await expect(acs().request('DescribeRegions', {})).resolves.toBeDefined();
    expect(service.status()[0]).toMatchObject({
      state: 'stale',
      lastErrorCode: 'ServiceUnavailableTemporary',
    });
  });
});

describe('what pop-core is asked to send', () => {
  it.each([
    ['POST by default', {}, 'POST'],
    [
      'POST for "post", which pop-core itself would send with everything in the URL',
      { method: 'post' },
      'POST',
    ],
    ['GET when the caller says so', { method: 'GET' }, 'GET'],
  ])('is %s', async (_what, options, method) => {
    const { acs } = await start();
    await acs().request('DescribeRegions', {}, options);
    expect(cloud.requests('openapi')[0]).toMatchObject({ method });
    expect((cloud.requests('openapi')[0]?.bytes ?? 0) > 0).toBe(method === 'POST');
  });

  it('is signed anew, with a nonce of its own, when it is sent again', async () => {
    const { acs } = await start();
    cloud.emergencyRotate('acs-secret');
    await acs().request('DescribeRegions', {});
    expect(new Set(cloud.requests('openapi').map(({ nonce }) => nonce)).size).toBe(2);
  });
});
