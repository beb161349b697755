import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type AlibabaCloudEmulator, type EmulatedRegion, EmulatorError } from '../../lib/testing/index.js';
import { kmsClient } from './support/acs-clients.js';
import { fieldsOf, getSecretValueRequest, sendRaw, type RawAnswer } from './support/dkms-caller.js';
import { failureOf } from './support/failure-of.js';
import { startCloud } from './support/start-cloud.js';

const [MAIN, NEAR, FAR] = ['cn-hangzhou', 'cn-shanghai', 'cn-beijing'] as const;

describe('several regions', () => {
  let cloud: AlibabaCloudEmulator;
  let laterMs = 0;

  beforeAll(async () => {
    cloud = await startCloud({
      secrets: ['one'],
      regions: [NEAR, { regionId: FAR, latencyMs: 80 }],
      now: () => Date.now() + laterMs,
    });
  });
  afterAll(() => cloud.stop());
  afterEach(() => {
    cloud.clearFaults();
    cloud.clearRequests();
    laterMs = 0;
  });

  const region = (regionId: string): EmulatedRegion => {
    const found = cloud.regions.find((candidate) => candidate.regionId === regionId);
    if (!found) throw new Error(`no region ${regionId}`);
    return found;
  };
  const askDedicated = (regionId: string, secretName = 'one'): Promise<RawAnswer> => {
    const endpoints = { ...cloud.endpoints, ...region(regionId).endpoints };
    const { certificates } = cloud;
    return sendRaw({ endpoints, certificates }, getSecretValueRequest(cloud, { secretName }));
  };
  const askShared = async (regionId: string, SecretName = 'one', timeout = 5000): Promise<string> => {
    const { certificates } = cloud;
    const endpoints = { ...cloud.endpoints, ...region(regionId).endpoints };
    const client = kmsClient({ endpoints, certificates }, cloud.kmsIdentity);
    const answer = await client.request<{ VersionId: string }>('GetSecretValue', { SecretName }, { timeout });
    return answer.VersionId;
  };
  const versionIn = async (regionId: string, secretName = 'one'): Promise<string | undefined> =>
    fieldsOf((await askDedicated(regionId, secretName)).body).get(6)?.[0];
  const durationOf = async (call: Promise<unknown>): Promise<number> => {
    const startedAt = performance.now();
    await call;
    return performance.now() - startedAt;
  };

  test('each have both faces of KMS, over the same secrets', async () => {
    expect(cloud.regions.map(({ regionId }) => regionId)).toEqual([MAIN, NEAR, FAR]);
    expect(cloud.endpoints).toMatchObject(region(MAIN).endpoints);
    expect(new Set(cloud.regions.flatMap(({ endpoints }) => Object.values(endpoints))).size).toBe(6);
    const { versionId } = cloud.secret('one');
    for (const { regionId } of cloud.regions) {
      expect([await versionIn(regionId), await askShared(regionId)]).toEqual([versionId, versionId]);
    }
    expect(cloud.requests().map(({ target, regionId }) => [target, regionId])).toEqual(
      [MAIN, NEAR, FAR].flatMap((regionId) => [
        ['dedicatedKms', regionId],
        ['kms', regionId],
      ]),
    );
  });

  test('are all in the environment for the asking', () => {
    const itemsOf = (env: Readonly<Record<string, string>>): { regionId: string; endpoint: string }[] =>
      JSON.parse(env['cache_client_dkms_config_info'] ?? '') as { regionId: string; endpoint: string }[];
    expect(itemsOf(cloud.env)).toEqual([expect.objectContaining({ regionId: MAIN })]);
    expect(itemsOf(cloud.dedicatedKmsEnv())).toEqual(
      cloud.regions.map(({ regionId, endpoints }) =>
        expect.objectContaining({ regionId, endpoint: new URL(endpoints.dedicatedKms).host }),
      ),
    );
  });

  test('may be farther away than others', async () => {
    expect(await durationOf(askDedicated(FAR))).toBeGreaterThanOrEqual(79);
    expect(await durationOf(askShared(FAR))).toBeGreaterThanOrEqual(79);
    // The shortest of several: a busy machine may hold up one of them.
    const durations = [];
    for (let index = 0; index < 5; index++) durations.push(await durationOf(askDedicated(NEAR)));
    expect(Math.min(...durations)).toBeLessThan(79);
  });

  test('may each lag behind an emergency rotation in its own way', async () => {
    const old = cloud.createSecret('lagging').versionId;
    const { versionId } = cloud.emergencyRotate('lagging', { kmsLagMs: { [NEAR]: 3000, [FAR]: 5000 } });
    const versions = async (): Promise<unknown> =>
      Promise.all([MAIN, NEAR, FAR].map((regionId) => versionIn(regionId, 'lagging')));
    expect(await versions()).toEqual([versionId, old, old]);
    expect(await askShared(NEAR, 'lagging')).toBe(old);
    laterMs = 3000;
    expect(await versions()).toEqual([versionId, versionId, old]);
    laterMs = 5000;
    expect(await versions()).toEqual([versionId, versionId, versionId]);
  });

  test('may each meet faults of their own', async () => {
    cloud.fail('dedicatedKms', { status: 503, regionId: NEAR }, Infinity);
    const statuses = await Promise.all([MAIN, NEAR].map(async (id) => (await askDedicated(id)).status));
    expect(statuses).toEqual([200, 503]);
    cloud.fail('kms', { status: 500, code: 'InternalFailure', regionId: FAR });
    expect(await askShared(NEAR)).toBe(cloud.secret('one').versionId);
    expect((await failureOf(askShared(FAR))).code).toBe('InternalFailure');
  });

  test('may be a black hole: connections are accepted and never answered', async () => {
    cloud.fail('kms', { type: 'hang', regionId: NEAR }, Infinity);
    const hung = failureOf(askShared(NEAR, 'one', 200));
    while (!cloud.requests('kms').some(({ fault }) => fault === 'hang')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await askShared(MAIN)).toBe(cloud.secret('one').versionId);
    expect(await hung).toMatchObject({ name: 'RequestTimeoutError' });
  });

  test('may be unreachable, one by one', async () => {
    const handle = cloud.fail('dedicatedKms', { type: 'refuse', regionId: NEAR });
    expect((await failureOf(askDedicated(NEAR))).code).toBe('ECONNREFUSED');
    expect((await askDedicated(MAIN)).status).toBe(200);
    expect(await askShared(NEAR)).toBe(cloud.secret('one').versionId);
    handle.clear();
    expect((await askDedicated(NEAR)).status).toBe(200);
  });

  test.each<[string, () => unknown, RegExp]>([
    ['a region that is not there', () => cloud.fail('kms', { type: 'hang', regionId: 'x' }), /Regions: cn-h/],
    [
      'a region of OSS',
      () => cloud.fail('oss', { status: 500, regionId: NEAR }),
      /Only kms and dedicatedKms/,
    ],
    [
      'a lag in a region that is not there',
      () => cloud.emergencyRotate('one', { kmsLagMs: { x: 1 } }),
      /'x'/,
    ],
  ])('wrong use is told in a sentence: %s', (_, use, message) => {
    const { versionId } = cloud.secret('one');
    expect(use).toThrow(message);
    expect(use).toThrow(EmulatorError);
    expect(cloud.secret('one').versionId).toBe(versionId);
  });

  test.each([
    [['cn-hangzhou'], /named twice/],
    [['a', { regionId: 'a' }], /'a' is named twice/],
    [[''], /needs an id/],
  ])('cannot be %j', async (regions, message) => {
    await expect(startCloud({ regions })).rejects.toThrow(message);
  });
});
