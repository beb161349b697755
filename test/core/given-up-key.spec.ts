import { describe, expect, it } from '@jest/globals';

import { coreFixture } from '../support/core-fixture.js';
import { ScriptedKmsError } from '../support/scripted-kms.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A key that was refused, with the background refresh on, some time after the start. */
async function refused(parts: Parameters<typeof coreFixture>[0] = {}) {
  const fixture = coreFixture(parts);
  const scheduler = fixture.schedule();
  const { secret, clock } = fixture;
  const key = await secret.get();
  await clock.advance(HOUR);
  const waiting = secret.expiredKeys.successorOf(key, 'acs');
  await clock.advance(0);
  return { ...fixture, scheduler, key, waiting };
}

/** The same, when the search for its successor is over. */
async function givenUp(parts: Parameters<typeof coreFixture>[0] = {}) {
  const fixture = await refused(parts);
  await fixture.clock.advance(5000);
  await fixture.waiting;
  return fixture;
}

describe('a refused key without a successor', () => {
  it('is probed for within seconds once calls no longer wait, and not while they do', async () => {
    const { scheduler, clock, waiting } = await refused({ expiredKeyWaitMs: MINUTE });
    await clock.advance(MINUTE - 1);
    expect(scheduler.nextRefreshAt('app')).toBeGreaterThan(clock.now() + HOUR);
    await clock.advance(1);
    await waiting;
    expect(scheduler.nextRefreshAt('app')).toBeLessThanOrEqual(clock.now() + 10_000);
  });

  it('is told of once, with the time that calls have waited', async () => {
    const { events } = await givenUp();
    expect(events.filter(({ type }) => type === 'keyNotReplaced')).toEqual([
      expect.objectContaining({ secretName: 'app', waitedMs: 5000 }),
    ]);
  });

  it('stays failing for as long as KMS answers it, and fails further calls at once', async () => {
    const { kms, secret, clock, key } = await givenUp();
    await clock.advance(HOUR);
    expect(secret.state).toBe('failing');
    const { fetches } = kms;
    await expect(secret.expiredKeys.successorOf(key, 'acs')).resolves.toBeUndefined();
    expect(kms.fetches).toBe(fetches);
  });

  it('is probed for about once a minute in the end, also while KMS fails', async () => {
    const { kms, clock } = await givenUp({ random: () => 0.999 });
    kms.failure = new ScriptedKmsError('ServiceUnavailableTemporary', true);
    await clock.advance(5 * MINUTE);
    const { fetches } = kms;
    await clock.advance(10 * MINUTE);
    expect(kms.fetches - fetches).toBe(10);
  });

  it('is replaced in the background without an error', async () => {
    const { kms, secret, clock, typesOf } = await givenUp();
    kms.version = 2;
    await clock.advance(MINUTE);
    expect(secret.current?.versionId).toBe('v2');
    expect(typesOf()).not.toContain('refreshFailed');
    expect(typesOf()).not.toContain('staleServed');
  });

  it('does not stand in the way of a shutdown', async () => {
    const { cache, typesOf } = await givenUp();
    expect(() => cache.close()).not.toThrow();
    expect(typesOf().at(-1)).toBe('closed');
  });
});

describe('calls that wait for the successor of a refused key', () => {
  it('are counted until the wait is over', async () => {
    const { secret, key, kms, clock } = await refused();
    const others = Array.from({ length: 2 }, () => secret.expiredKeys.successorOf(key, 'acs'));
    expect(secret.expiredKeys.waiting).toBe(3);
    kms.version = 2;
    await clock.advance(1000);
    await Promise.all(others);
    expect(secret.expiredKeys.waiting).toBe(0);
  });

  it('are 100,000 at most, so that further ones fail instead of filling the memory', async () => {
    const { secret, key, kms, clock } = await refused();
    const others = Array.from({ length: 99_999 }, () => secret.expiredKeys.successorOf(key, 'acs'));
    await expect(secret.expiredKeys.successorOf(key, 'acs')).resolves.toBeUndefined();
    kms.version = 2;
    await clock.advance(1000);
    const successors = await Promise.all(others);
    expect(new Set(successors.map((successor) => successor?.versionId))).toEqual(new Set(['v2']));
    expect(kms.fetches).toBeLessThan(10);
  });

  it('hear nothing and tell of nothing when the module is closed', async () => {
    const { secret, key, waiting, cache, clock, typesOf } = await refused();
    cache.close();
    await expect(waiting).resolves.toBeUndefined();
    await expect(secret.expiredKeys.successorOf(key, 'acs')).resolves.toBeUndefined();
    await clock.advance(MINUTE);
    expect(typesOf().at(-1)).toBe('closed');
  });

  it('are not told of the key that they failed with when KMS goes back to it after all', async () => {
    const { kms, secret, clock } = coreFixture({ expiredKeyWaitMs: 20 * MINUTE });
    const first = await secret.get();
    kms.version = 2;
    const second = await secret.refresh('scheduled');
    const waiting = [second, first].map((key) => secret.expiredKeys.successorOf(key, 'acs'));
    kms.version = 1;
    await clock.advance(11 * MINUTE);
    const successors = await Promise.all(waiting);
    expect(successors.map((key) => key?.versionId)).toEqual(['v1', undefined]);
  });
});

describe('a call that fails on a key after the module was closed', () => {
  it('is told of no successor, and no event follows', async () => {
    const { secret, cache, kms, typesOf } = coreFixture();
    const key = await secret.get();
    cache.close();
    await expect(secret.expiredKeys.successorOf(key, 'acs')).resolves.toBeUndefined();
    expect(typesOf().at(-1)).toBe('closed');
    expect(kms.fetches).toBe(1);
  });
});
