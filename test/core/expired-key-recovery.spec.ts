import { describe, expect, it } from '@jest/globals';

import { coreFixture } from '../support/core-fixture.js';

describe('a key that the cloud refuses', () => {
  it('is replaced by one fetch for all calls that failed on it', async () => {
    const { kms, secret, events } = coreFixture();
    const failed = await secret.get();
    kms.version = 2;
    const successors = await Promise.all(
      Array.from({ length: 1000 }, () => secret.expiredKeys.successorOf(failed, 'acs')),
    );
    expect(new Set(successors.map((key) => key?.versionId))).toEqual(new Set(['v2']));
    expect(kms.fetches).toBe(2);
    expect(events.at(-1)).toMatchObject({ type: 'refreshed', reason: 'expired-key' });
  });

  it('needs no fetch when a newer version is there already', async () => {
    const { kms, secret } = coreFixture();
    const failed = await secret.get();
    kms.version = 2;
    await secret.refresh('scheduled');
    await expect(secret.expiredKeys.successorOf(failed, 'acs')).resolves.toMatchObject({ versionId: 'v2' });
    expect(kms.fetches).toBe(2);
  });

  it('is waited for while KMS lags behind, by all calls together', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    const early = secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(3000);
    const late = secret.expiredKeys.successorOf(failed, 'oss');
    kms.version = 2;
    await clock.advance(1000);
    await expect(early).resolves.toMatchObject({ versionId: 'v2' });
    await expect(late).resolves.toMatchObject({ versionId: 'v2' });
    expect(kms.fetches).toBeLessThan(12);
    expect(clock.pending).toBe(0);
  });

  it('ends the wait as soon as a scheduled refresh brings its successor', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    const successor = secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(1000);
    kms.version = 2;
    await secret.refresh('scheduled');
    await expect(successor).resolves.toMatchObject({ versionId: 'v2' });
    expect(clock.pending).toBe(0);
  });

  it('is given up when the window closes, and fails fast from then on', async () => {
    const { kms, secret, clock, typesOf } = coreFixture();
    const failed = await secret.get();
    const waiting = secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(4999);
    expect(secret.state).toBe('stale');
    await clock.advance(1);
    await expect(waiting).resolves.toBeUndefined();
    expect(secret.state).toBe('failing');
    const fetches = kms.fetches;
    await expect(secret.expiredKeys.successorOf(failed, 'acs')).resolves.toBeUndefined();
    expect(kms.fetches).toBe(fetches);
    expect(typesOf().filter((type) => type === 'keyNotReplaced')).toHaveLength(1);
    expect(typesOf().filter((type) => type === 'keyExpired')).toHaveLength(1);
  });

  it('does not wait when the window is turned off', async () => {
    const { kms, secret } = coreFixture({ expiredKeyWaitMs: 0 });
    const failed = await secret.get();
    await expect(secret.expiredKeys.successorOf(failed, 'acs')).resolves.toBeUndefined();
    expect(kms.fetches).toBe(2);
  });

  it('is probed for in the background until the version moves', async () => {
    const { kms, secret, clock, schedule } = coreFixture();
    schedule();
    const failed = await secret.get();
    const waiting = secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(7000);
    await waiting;
    const before = kms.fetches;
    await clock.advance(60_000);
    expect(kms.fetches - before).toBeGreaterThanOrEqual(2);
    expect(kms.fetches - before).toBeLessThanOrEqual(6);
    expect(kms.probes).toBe(kms.fetches - before);
    kms.version = 2;
    await clock.advance(60_000);
    expect(secret.current?.versionId).toBe('v2');
    expect(secret.state).toBe('fresh');
  });

  it('does not stand in the way of the next rotation: ten in ten minutes all succeed', async () => {
    const { kms, secret, clock } = coreFixture();
    let current = await secret.get();
    for (let version = 2; version <= 11; version++) {
      kms.version = version;
      const successor = await secret.expiredKeys.successorOf(current, 'acs');
      expect(successor?.versionId).toBe(`v${version}`);
      current = successor ?? current;
      await clock.advance(60_000);
    }
  });

  it('does not come back when a lagging replica of KMS still offers it', async () => {
    const { kms, secret } = coreFixture();
    const failed = await secret.get();
    kms.version = 2;
    await secret.expiredKeys.successorOf(failed, 'acs');
    kms.version = 1;
    await secret.refresh('scheduled');
    expect(secret.current?.versionId).toBe('v2');
  });

  it('may come back later, when KMS means it', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    kms.version = 2;
    await secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(11 * 60_000);
    kms.version = 1;
    await secret.refresh('scheduled');
    expect(secret.current?.versionId).toBe('v1');
  });

  it('sends calls that failed on an older key to the same search', async () => {
    const { kms, secret, clock } = coreFixture();
    const first = await secret.get();
    kms.version = 2;
    const second = await secret.refresh('scheduled');
    const waiting = [
      secret.expiredKeys.successorOf(second, 'acs'),
      secret.expiredKeys.successorOf(first, 'acs'),
    ];
    await clock.advance(500);
    kms.version = 3;
    await clock.advance(1000);
    expect((await Promise.all(waiting)).map((key) => key?.versionId)).toEqual(['v3', 'v3']);
  });

  it('gets a new window when the cloud has taken it again for a minute', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    const givenUp = secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(6000);
    await givenUp;
    secret.expiredKeys.onServed(failed);
    expect(secret.state).toBe('fresh');
    await expect(secret.expiredKeys.successorOf(failed, 'acs')).resolves.toBeUndefined();
    secret.expiredKeys.onServed(failed);
    await clock.advance(60_000);
    kms.version = 2;
    await expect(secret.expiredKeys.successorOf(failed, 'acs')).resolves.toMatchObject({ versionId: 'v2' });
  });

  it('lets all waiting calls go when the cache is closed', async () => {
    const { secret, cache, clock } = coreFixture();
    const failed = await secret.get();
    const waiting = secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(500);
    cache.close();
    await expect(waiting).resolves.toBeUndefined();
    expect(clock.pending).toBe(0);
  });
});
