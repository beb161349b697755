import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import type { KmsOptions } from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { partsOf, startApp, testAcsClient } from '../support/app-fixture.js';

const HEDGE_MS = 300;
/** Longer than a fetch takes on a busy machine, and less than any time-out of a request. */
const MUCH_LATER_MS = 2500;
const REGIONS = ['cn-hangzhou', 'cn-shanghai', 'cn-beijing', 'cn-shenzhen'] as const;
let cloud: AlibabaCloudEmulator;
const apps: TestingModule[] = [];

beforeAll(async () => {
  cloud = await AlibabaCloudEmulator.start({ secrets: ['acs-secret'], regions: REGIONS.slice(1) });
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  cloud.clearFaults();
  cloud.clearRequests();
});
afterAll(() => cloud.stop());

/** Endpoints of the shared KMS, in the order of the list. */
function regions(count: number) {
  return cloud.regions.slice(0, count).map(({ regionId, endpoints }) => ({
    regionId,
    endpoint: endpoints.kms,
    ca: cloud.certificates.ca,
  }));
}

function identity() {
  const { accessKeyId, accessKeySecret } = cloud.kmsIdentity;
  return { type: 'ak' as const, accessKeyId, accessSecret: accessKeySecret };
}

async function start(kms: KmsOptions, startup: 'eager' | 'lazy' = 'eager') {
  const app = await startApp(cloud, {
    settings: { cache_client_dkms_config_info: '' },
    clients: [testAcsClient(cloud)],
    options: {
      startup,
      startupTimeoutMs: 3000,
      kms: { hedgeDelayMs: HEDGE_MS, credentials: identity(), ...kms },
    },
  });
  apps.push(app);
  return partsOf(app);
}

const askedRegions = () => cloud.requests('kms').map(({ regionId }) => regionId);

describe('the shared KMS', () => {
  it('serves secrets over POST, signed with RAM credentials', async () => {
    const { acs, service } = await start({ regions: regions(1) });
    expect(service.peek('acs-secret')?.versionId).toBe(cloud.secret('acs-secret').versionId);
    expect(cloud.requests('kms')).toEqual([
      expect.objectContaining({ method: 'POST', action: 'GetSecretValue', status: 200 }),
    ]);
    cloud.emergencyRotate('acs-secret');
    await expect(acs().request('DescribeRegions', {})).resolves.toBeDefined();
  });

  it('takes credentials from a provider that was given in code', async () => {
    let asked = 0;
    const credentials = {
      getCredentials: async () => {
        asked += 1;
        return { ...cloud.kmsIdentity };
      },
    };
    const { service } = await start({ regions: regions(1), credentials });
    await Promise.all(Array.from({ length: 20 }, () => service.refresh('acs-secret')));
    expect(asked).toBe(1);
  });

  it('asks the provider anew, once, when KMS refuses what it gave', async () => {
    const answers = [
      { accessKeyId: 'LTAI5tOutdatedOutdated00', accessKeySecret: 'outdated' },
      { ...cloud.kmsIdentity },
    ];
    let asked = 0;
    const { service } = await start({
      regions: regions(1),
      credentials: { getCredential: async () => answers[Math.min(asked++, 1)] ?? {} },
    });
    expect(service.status()[0]?.state).toBe('fresh');
    expect(asked).toBe(2);
    expect(cloud.requests('kms').map(({ status }) => status)).toEqual([404, 200]);
  });

  it('that refuses our own identity never looks like an expired managed key', async () => {
    const wrong = {
      type: 'ak' as const,
      accessKeyId: 'LTAI5tUnknownUnknown0000',
      accessSecret: 'planted-secret',
    };
    const { acs } = await start({ regions: regions(1), credentials: wrong }, 'lazy');
    const error = await acs()
      .request('DescribeRegions', {})
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: 'KmsError', code: 'KmsIdentityRejected' });
    expect((error as Error).message).toMatch(
      /InvalidAccessKeyId\.NotFound .*check the settings "credentials_…"/,
    );
    expect((error as Error).message).not.toContain('planted-secret');
    expect(cloud.requests('openapi')).toHaveLength(0);
  });

  it('that gives half an answer is asked again', async () => {
    const { service } = await start({ regions: regions(1) });
    cloud.fail('kms', 'truncate');
    await expect(service.refresh('acs-secret')).resolves.toBeDefined();
  });

  it('with a certificate of a CA that is not trusted is refused', async () => {
    const [region] = regions(1);
    await expect(start({ regions: [{ ...region, ca: undefined }] })).rejects.toThrow(
      /certificate that is not trusted: set "caFilePath"/,
    );
  });
});

describe.each([
  ['cn-hangzhou', 'cn-shanghai'],
  ['cn-shanghai', 'cn-hangzhou'],
])('of two regions, %s being silent,', (silent, healthy) => {
  it('the other gives the secret within the hedge delay, and is asked first from then on', async () => {
    cloud.fail('kms', { type: 'hang', regionId: silent }, Infinity);
    const startedAt = performance.now();
    const { service } = await start({ regions: regions(2) });
    expect(performance.now() - startedAt).toBeLessThan(MUCH_LATER_MS);
    cloud.clearRequests();
    for (let fetch = 0; fetch < 5; fetch++) await service.refresh('acs-secret');
    expect(new Set(askedRegions())).toEqual(new Set([healthy]));
  });
});

describe('of two regions, the first refusing connections,', () => {
  it('the second is asked at once', async () => {
    cloud.fail('kms', { type: 'refuse', regionId: 'cn-hangzhou' }, Infinity);
    const startedAt = performance.now();
    await start({ regions: regions(2), hedgeDelayMs: 2 * MUCH_LATER_MS });
    expect(performance.now() - startedAt).toBeLessThan(MUCH_LATER_MS);
    expect(new Set(askedRegions())).toEqual(new Set(['cn-shanghai']));
  });
});

describe('of four regions, three failing in turn,', () => {
  it('1,000 fetches all succeed', async () => {
    const { service } = await start({ regions: regions(4) });
    const faults = [{ status: 503 }, { type: 'drop' as const }, { status: 429, code: 'Rejected.Throttling' }];
    let fetched = 0;
    for (let round = 0; round < 20; round++) {
      cloud.clearFaults();
      for (const [index, fault] of faults.entries()) {
        cloud.fail('kms', { ...fault, regionId: REGIONS[(round + index) % 4] ?? '' }, Infinity);
      }
      for (let fetch = 0; fetch < 50; fetch++) {
        await service.refresh('acs-secret');
        fetched += 1;
      }
    }
    expect(fetched).toBe(1000);
    expect(service.status()[0]?.state).toBe('fresh');
  }, 30_000);
});

describe('a dedicated instance and a region together', () => {
  it('are one list of sources', async () => {
    const [{ clientKeyFile, passwordFromFilePath, endpoint }] = JSON.parse(
      cloud.env['cache_client_dkms_config_info'] ?? '',
    ) as [Record<string, string>];
    cloud.fail('dedicatedKms', { status: 503 }, Infinity);
    const { service } = await start({
      dedicated: [
        { endpoint: endpoint ?? '', clientKeyFile, passwordFromFilePath, ca: cloud.certificates.ca },
      ],
      regions: regions(1),
    });
    expect(service.status()[0]?.state).toBe('fresh');
    cloud.clearFaults();
    cloud.fail('kms', { status: 503 }, Infinity);
    await expect(service.refresh('acs-secret')).resolves.toBeDefined();
  });
});
