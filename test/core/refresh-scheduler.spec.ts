import { describe, expect, it } from '@jest/globals';

import { coreFixture } from '../support/core-fixture.js';
import { ScriptedKmsError } from '../support/scripted-kms.js';
import { START_AT } from '../support/virtual-clock.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const dateOf = (at: number) => new Date(at).toISOString();

const recalled = {
  key: { versionId: 'v1', accessKeyId: 'LTAI****0001' },
  origin: 'file cache',
  fetchedAt: START_AT,
};

describe('the background refresh', () => {
  it('fetches each rotation interval, without end', async () => {
    const { kms, secret, clock, schedule } = coreFixture();
    schedule();
    await secret.get();
    await clock.advance(3 * DAY + MINUTE);
    expect(kms.fetches).toBe(1 + 12);
  });

  it('fetches 5 minutes after the announced rotation', async () => {
    const { kms, secret, clock, schedule } = coreFixture();
    const scheduler = schedule();
    kms.extra = { nextRotationDate: dateOf(START_AT + HOUR) };
    await secret.get();
    expect(scheduler.nextRefreshAt('app')).toBe(START_AT + HOUR + 5 * MINUTE);
    kms.version = 2;
    await clock.advance(HOUR + 5 * MINUTE);
    expect(secret.current?.versionId).toBe('v2');
  });

  it('looks for a rotation that is late after 5 min, doubling to 1 h', async () => {
    const { kms, secret, clock, schedule } = coreFixture();
    schedule();
    kms.extra = { nextRotationDate: dateOf(START_AT + HOUR) };
    await secret.get();
    await clock.advance(HOUR + 5 * MINUTE);
    const fetchTimes: number[] = [];
    for (let minute = 1; minute <= 4 * 60; minute++) {
      const before = kms.fetches;
      await clock.advance(MINUTE);
      if (kms.fetches > before) fetchTimes.push(minute);
    }
    expect(fetchTimes).toEqual([5, 15, 35, 75, 135, 195]);
  });

  it('does not let refreshes by hand put off the search for a rotation that is late', async () => {
    const { kms, secret, clock, schedule } = coreFixture();
    const scheduler = schedule();
    kms.extra = { nextRotationDate: dateOf(START_AT + HOUR) };
    await secret.get();
    await clock.advance(HOUR);
    for (let refresh = 0; refresh < 5; refresh++) await secret.refresh('manual');
    expect(scheduler.nextRefreshAt('app')).toBe(clock.now() + 5 * MINUTE);
    await clock.advance(5 * MINUTE);
    expect(scheduler.nextRefreshAt('app')).toBe(clock.now() + 10 * MINUTE);
    await secret.refresh('manual');
    expect(scheduler.nextRefreshAt('app')).toBe(clock.now() + 10 * MINUTE);
  });

  it('keeps to the date of the newer version when a lagging KMS answers one that the cloud has refused', async () => {
    const { kms, secret, schedule } = coreFixture();
    const scheduler = schedule();
    const failed = await secret.get();
    kms.version = 2;
    kms.extra = { nextRotationDate: dateOf(START_AT + HOUR) };
    await secret.expiredKeys.successorOf(failed, 'acs');
    kms.version = 1;
    kms.extra = {};
    await secret.refresh('manual');
    expect(scheduler.nextRefreshAt('app')).toBe(START_AT + HOUR + 5 * MINUTE);
  });

  it('tries a first fetch that failed again within seconds', async () => {
    const { kms, secret, clock, schedule } = coreFixture();
    schedule();
    kms.failure = new ScriptedKmsError('ServiceUnavailableTemporary', true);
    await secret.get().catch(() => undefined);
    kms.failure = undefined;
    await clock.advance(2000);
    expect(secret.current?.versionId).toBe('v1');
  });

  it('is not put off by what happens to calls', async () => {
    const { secret, clock, schedule } = coreFixture();
    const scheduler = schedule();
    await secret.get();
    const at = scheduler.nextRefreshAt('app');
    await clock.advance(HOUR);
    scheduler.onEvent({ type: 'callRetried', secretName: 'app', at: clock.now(), sdk: 'acs' });
    scheduler.onEvent({ type: 'recalled', secretName: 'app', at: clock.now(), ...recalled });
    expect(scheduler.nextRefreshAt('app')).toBe(at);
  });

  it('tries a failed refresh again within minutes, not hours', async () => {
    const { kms, secret, clock, schedule } = coreFixture();
    schedule();
    await secret.get();
    kms.failure = new ScriptedKmsError('ServiceUnavailableTemporary', true);
    await clock.advance(6 * HOUR + HOUR);
    expect(secret.state).toBe('stale');
    kms.failure = undefined;
    kms.version = 2;
    await clock.advance(5 * MINUTE);
    expect(secret.current?.versionId).toBe('v2');
    expect(secret.state).toBe('fresh');
  });

  it('only probes in an outage, and asks in earnest before and after', async () => {
    const { kms, secret, clock, schedule } = coreFixture();
    schedule();
    await secret.get();
    kms.failure = new ScriptedKmsError('ServiceUnavailableTemporary', true);
    await clock.advance(6 * HOUR);
    expect([kms.fetches, kms.probes]).toEqual([2, 0]);
    await clock.advance(HOUR);
    expect(kms.fetches - kms.probes).toBe(2);
    expect(kms.probes).toBeGreaterThan(15);
    await expect(secret.refresh('manual')).rejects.toThrow('ServiceUnavailableTemporary');
    expect(kms.fetches - kms.probes).toBe(3);
    kms.failure = undefined;
    await clock.advance(5 * MINUTE);
    const { probes } = kms;
    await clock.advance(6 * HOUR);
    expect(kms.probes).toBe(probes);
  });

  it.each([30, 365])('keeps to an interval of %i days', async (days) => {
    const times = { rotationIntervalMs: days * DAY, delayIntervalMs: 0, jitterMs: 0 };
    const { kms, secret, clock, schedule } = coreFixture({ times });
    schedule();
    await secret.get();
    await clock.advance(days * DAY - MINUTE);
    expect(kms.fetches).toBe(1);
    await clock.advance(MINUTE);
    expect(kms.fetches).toBe(2);
  });

  it('notices within a quarter of an hour that the clock jumped forward', async () => {
    const { kms, secret, clock, schedule } = coreFixture();
    schedule();
    await secret.get();
    clock.jump(DAY);
    await clock.advance(15 * MINUTE);
    expect(kms.fetches).toBe(2);
  });

  it('is not postponed by a clock that was set back', async () => {
    const { kms, secret, clock, schedule } = coreFixture();
    schedule();
    await secret.get();
    clock.jump(-30 * DAY);
    await clock.advance(6 * HOUR);
    expect(kms.fetches).toBe(2);
  });

  it('draws the jitter for each secret and each run', async () => {
    const times = { rotationIntervalMs: HOUR, delayIntervalMs: 0, jitterMs: 10 * MINUTE };
    const { cache, clock, schedule } = coreFixture({ times, random: Math.random });
    const scheduler = schedule();
    const names = Array.from({ length: 50 }, (_, index) => `secret-${index}`);
    await Promise.all(names.map((name) => cache.declare(name).get()));
    const runs = () => names.map((name) => (scheduler.nextRefreshAt(name) ?? 0) - START_AT);
    const first = runs();
    expect(new Set(first).size).toBe(50);
    expect(Math.min(...first)).toBeGreaterThanOrEqual(HOUR);
    expect(Math.max(...first)).toBeLessThanOrEqual(HOUR + 10 * MINUTE);
    await clock.advance(HOUR + 10 * MINUTE);
    const waits = runs().map((at, index) => at - (first[index] ?? 0) - HOUR);
    expect(
      new Set(waits.map((wait, index) => Math.round(wait - ((first[index] ?? 0) - HOUR)))).size,
    ).toBeGreaterThan(40);
  });

  it('leaves no timer behind when it is closed, even during a fetch', async () => {
    const { kms, secret, cache, clock, schedule } = coreFixture();
    const scheduler = schedule();
    await secret.get();
    kms.latencyMs = 1000;
    const fetching = secret.refresh('manual');
    scheduler.close();
    await clock.advance(1000);
    await fetching;
    expect(scheduler.nextRefreshAt('app')).toBeUndefined();
    expect(clock.pending).toBe(0);
    cache.close();
  });
});
