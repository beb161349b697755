import { describe, expect, it } from '@jest/globals';

import { partsOf, testAcsClient, testOssClient } from '../support/app-fixture.js';
import { cloudSuite } from '../support/cloud-suite.js';

/** How long the storm lasts, in seconds; longer when the environment asks for it. */
const STORM_S = Number(process.env['STORM_SECONDS'] ?? 5);

const suite = cloudSuite(['acs-secret', 'oss-secret', 'sequential-secret']);
// On a busy machine many requests may take longer than the SDK's own time-out of 3 s.
const patient = { opts: { timeout: 30_000 } };

describe('an emergency rotation each second', () => {
  it(
    'fails no call of 20 callers',
    async () => {
      const { cloud } = suite;
      const app = await suite.start({
        clients: [testAcsClient(cloud, 'acs-secret', patient), testOssClient(cloud)],
      });
      const { acs, oss, service } = partsOf(app);
      const failures: unknown[] = [];
      let calls = 0;
      let rotations = 0;
      const rotating = setInterval(() => {
        rotations += 1;
        cloud.emergencyRotate('acs-secret');
        cloud.emergencyRotate('oss-secret');
      }, 1000);
      const endAt = performance.now() + STORM_S * 1000;
      const callers = Array.from({ length: 20 }, async (_, index) => {
        const call =
          index % 2 === 0
            ? () => acs().request('DescribeRegions', {})
            : () => oss().put(`object-${index}`, Buffer.from('x'));
        while (performance.now() < endAt) {
          calls += 1;
          await call().catch((error: unknown) => failures.push(error));
          if (calls % 1000 === 0) cloud.clearRequests();
        }
      });
      await Promise.all(callers);
      clearInterval(rotating);
      expect(failures).toEqual([]);
      expect(rotations).toBeGreaterThanOrEqual(Math.floor(STORM_S * 0.8));
      expect(calls).toBeGreaterThan(20 * STORM_S);
      expect(cloud.tornPairs).toBe(0);
      for (const { secretName, versionId } of service.status()) {
        const known = cloud.secret(secretName).versionId;
        if (versionId !== known) await service.refresh(secretName);
        expect(service.peek(secretName)?.versionId).toBe(known);
      }
      if (STORM_S > 5) process.stdout.write(`${calls} calls, ${rotations} rotations, 0 failures\n`);
    },
    STORM_S * 1000 + 30_000,
  );
});

describe('an emergency rotation that KMS learns of after 4 seconds', () => {
  it('fails none of 42 sequential and 500 concurrent calls', async () => {
    const { cloud } = suite;
    const app = await suite.start({
      clients: ['acs-secret', 'sequential-secret'].map((name) => testAcsClient(cloud, name, patient)),
    });
    const { acs } = partsOf(app);
    cloud.clearRequests();
    cloud.emergencyRotate('acs-secret', { kmsLagMs: 4000 });
    cloud.emergencyRotate('sequential-secret', { kmsLagMs: 4000 });
    const startedAt = performance.now();
    const sequential = async () => {
      for (let call = 0; call < 42; call++) await acs('sequential-secret').request('DescribeRegions', {});
    };
    const concurrent = Array.from({ length: 500 }, () => acs().request('DescribeRegions', {}));
    await Promise.all([sequential(), ...concurrent]);
    expect(performance.now() - startedAt).toBeGreaterThan(3900);
    expect(cloud.requests('openapi')).toHaveLength(2 * 500 + 42 + 1);
    expect(cloud.requests('dedicatedKms').length).toBeLessThan(2 * 20);
  });
});
