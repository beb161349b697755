import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { getRoaClientToken, roaClient, type ProxyRoaClient } from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { partsOf, startApp, testAcsClient, testOssClient } from '../support/app-fixture.js';
import { LONG_TESTS } from '../support/long-tests.js';

const DURATION_MS = LONG_TESTS ? 20_000 : 5_000;
const ROTATION_EVERY_MS = 50;
const CALLERS = 50;
const SECRET = 'busy-secret';

describe('50 callers of mixed services, a rotation every 50 ms, every other one revoking the old key at once', () => {
  let cloud: AlibabaCloudEmulator;
  let app: TestingModule;

  beforeAll(async () => {
    cloud = await AlibabaCloudEmulator.start({ secrets: [SECRET] });
    app = await startApp(cloud, {
      clients: [
        testAcsClient(cloud, SECRET),
        testOssClient(cloud, SECRET),
        roaClient(SECRET, { endpoint: cloud.endpoints.openapi, apiVersion: '2015-12-15' }),
      ],
    });
  });
  afterAll(async () => {
    await app.close();
    await cloud.stop();
  });

  it(
    'sign no call with a torn pair, and lose none that met no more than two dead keys',
    async () => {
      const acs = partsOf(app).acs(SECRET);
      const oss = partsOf(app).oss(SECRET);
      const roa = app.get<ProxyRoaClient>(getRoaClientToken(SECRET));
      const failed: string[] = [];
      let calls = 0;
      let rotations = 0;
      const rotating = setInterval(() => {
        rotations += 1;
        if (rotations % 2 === 0) cloud.emergencyRotate(SECRET);
        else cloud.rotate(SECRET);
      }, ROTATION_EVERY_MS);

      const endAt = performance.now() + DURATION_MS;
      const kinds: ((id: string) => Promise<unknown>)[] = [
        (id) => acs.request(id, {}),
        (id) => roa.get(`/${id}`),
        (id) => oss.put(id, Buffer.from(id)),
        (id) => oss.put(id, Buffer.from(id)).then(async () => oss.get(id)),
      ];
      await Promise.all(
        Array.from({ length: CALLERS }, async (_, caller) => {
          for (let round = 0; performance.now() < endAt; round++) {
            const id = `Call${caller}x${round}`;
            calls += 1;
            await kinds[(caller + round) % kinds.length]?.(id).catch(() => failed.push(id));
          }
        }),
      );
      clearInterval(rotating);

      expect(cloud.tornPairs).toBe(0);
      expect(calls).toBeGreaterThan(2 * CALLERS);
      expect(rotations).toBeGreaterThan(DURATION_MS / ROTATION_EVERY_MS / 2);
      const deadKeysMet = new Map<string, number>();
      for (const { action, path, object, status } of [
        ...cloud.requests('openapi'),
        ...cloud.requests('oss'),
      ]) {
        if (status !== 403 && status !== 404) continue;
        for (const id of new Set([action, path.slice(1), object])) {
          if (id !== undefined) deadKeysMet.set(id, (deadKeysMet.get(id) ?? 0) + 1);
        }
      }
      expect(failed.filter((id) => (deadKeysMet.get(id) ?? 0) < 3)).toEqual([]);
    },
    DURATION_MS + 60_000,
  );
});
