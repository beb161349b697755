import { describe, expect, it } from '@jest/globals';

import { ScriptedKmsError } from '../support/scripted-kms.js';
import { ExpiredKey, retryFixture } from '../support/retry-fixture.js';

const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('ten emergency rotations in ten minutes', () => {
  it.each([0, 1000, 4000])(
    'fail no call of 20 callers while KMS lags by %i ms',
    async (kmsLagMs) => {
      const { kms, clock, secret, call, sent, emergencyRotate, schedule, typesOf } = retryFixture();
      schedule();
      kms.latencyMs = 20;
      const failures: unknown[] = [];
      const latencyMs = 50;
      let calls = 0;
      const end = new AbortController();
      const callers = Array.from({ length: 20 }, async (_, index) => {
        while (!end.signal.aborted) {
          calls += 1;
          await call({ latencyMs }).catch((error: unknown) => failures.push(error));
          await new Promise<void>((resolve) => {
            clock.setTimer(400 + index * 10, resolve);
          });
        }
      });
      for (let version = 2; version <= 11; version++) {
        await clock.advance(MINUTE);
        emergencyRotate(version, { kmsLagMs });
      }
      await clock.advance(30 * SECOND);
      end.abort();
      await clock.advance(10 * SECOND);
      await Promise.all(callers);
      expect(failures).toEqual([]);
      expect(calls).toBeGreaterThan(10_000);
      expect(secret.current?.versionId).toBe('v11');
      expect(typesOf().filter((type) => type === 'rotated')).toHaveLength(10);
      // Each rotation costs each caller one more sending at most.
      expect(sent.length - calls).toBeLessThanOrEqual(10 * 20);
    },
    60_000,
  );
});

describe('a key that is disabled for good', () => {
  it('makes the first calls wait out the window, the later ones not at all, and KMS is asked now and then', async () => {
    const { kms, clock, call, schedule, accepted } = retryFixture({ random: Math.random });
    schedule();
    await call();
    accepted.clear();
    const startedAt = clock.monotonic();
    const ends: number[] = [];
    const first = Array.from({ length: 100 }, () => call().catch(() => ends.push(clock.monotonic())));
    await clock.advance(10 * SECOND);
    await Promise.all(first);
    expect(ends.map((at) => at - startedAt)).toEqual(Array.from({ length: 100 }, () => 5000));

    // One minute in which the probes slow down, then a quarter of an hour of calls.
    await clock.advance(MINUTE);
    const { fetches } = kms;
    const minutes = 15;
    for (let minute = 0; minute < minutes; minute++) {
      const before = clock.monotonic();
      await expect(call()).rejects.toThrow(ExpiredKey);
      expect(clock.monotonic()).toBe(before);
      await clock.advance(MINUTE);
    }
    expect((kms.fetches - fetches) / minutes).toBeLessThan(5);
  });

  it('costs a call less than a millisecond of the library', async () => {
    const { clock, call, accepted } = retryFixture({ expiredKeyWaitMs: 0 });
    accepted.clear();
    await call().catch(() => undefined);
    await clock.advance(SECOND);
    const calls = 2000;
    const durations: number[] = [];
    for (let index = 0; index < calls; index++) {
      const startedAt = performance.now();
      await call().catch(() => undefined);
      durations.push(performance.now() - startedAt);
    }
    // The median, as other programs of the machine may interrupt single calls.
    expect(durations.toSorted((a, b) => a - b)[calls / 2]).toBeLessThan(1);
  });
});

describe('an outage of KMS of an hour with a rotation in it', () => {
  it('is not noticed while the cloud takes the old key, and over minutes after KMS is back', async () => {
    const { kms, clock, secret, call, accepted, schedule, typesOf } = retryFixture({
      random: Math.random,
      times: { rotationIntervalMs: 10 * MINUTE, delayIntervalMs: 0, jitterMs: 0 },
    });
    schedule();
    await call();
    kms.failure = new ScriptedKmsError('ServiceUnavailableTemporary', true);
    const callFor = async (durationMs: number) => {
      for (let passedMs = 0; passedMs < durationMs; passedMs += 10 * SECOND) {
        await expect(call()).resolves.toBeDefined();
        await clock.advance(10 * SECOND);
      }
    };
    await callFor(HOUR / 2);
    accepted.add(2);
    kms.version = 2;
    await callFor(HOUR / 2);
    expect(secret.current?.versionId).toBe('v1');
    expect(secret.state).toBe('stale');
    expect(typesOf().filter((type) => type === 'staleServed')).toHaveLength(1);
    // An outage is asked about now and then: 50 minutes of it with a pause of 150 seconds on average.
    expect(kms.fetches).toBeLessThan(60);

    kms.failure = undefined;
    await clock.advance(5 * MINUTE);
    expect(secret.current?.versionId).toBe('v2');
    expect(secret.state).toBe('fresh');
    await expect(call()).resolves.toBe('v2');
    expect(typesOf().filter((type) => type === 'recovered')).toHaveLength(1);
  });

  it('in which the old key dies fails calls until KMS is back, and not much longer', async () => {
    const { kms, clock, call, accepted, emergencyRotate, schedule } = retryFixture({ random: Math.random });
    schedule();
    await call();
    kms.failure = new ScriptedKmsError('ServiceUnavailableTemporary', true);
    emergencyRotate(2);
    expect(accepted).toEqual(new Set([2]));
    const refused = call().catch((error: unknown) => error);
    await clock.advance(HOUR);
    expect(await refused).toBeInstanceOf(ExpiredKey);
    kms.failure = undefined;
    await clock.advance(MINUTE);
    await expect(call()).resolves.toBe('v2');
  });
});
