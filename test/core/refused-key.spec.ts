import { describe, expect, it } from '@jest/globals';

import { coreFixture } from '../support/core-fixture.js';

const MINUTE = 60_000;

/** A key that was refused, some time after the start, until its search was given up. */
async function givenUp(parts: Parameters<typeof coreFixture>[0] = {}) {
  const fixture = coreFixture(parts);
  fixture.schedule();
  const { secret, clock } = fixture;
  const key = await secret.get();
  await clock.advance(10 * MINUTE);
  const waiting = secret.expiredKeys.successorOf(key, 'acs');
  await clock.advance(6000);
  await waiting;
  return { ...fixture, key };
}

describe('a refused key that the cloud takes again', () => {
  it('is not probed for any more once KMS stands by it a minute later', async () => {
    const { kms, secret, clock, key } = await givenUp();
    secret.expiredKeys.onServed(key);
    expect(secret.state).toBe('fresh');
    await clock.advance(3 * MINUTE);
    const { fetches } = kms;
    await clock.advance(60 * MINUTE);
    expect(kms.fetches).toBe(fetches);
    expect(secret.state).toBe('fresh');
  });

  it('is told of once, with the time for which calls failed', async () => {
    const { secret, clock, key, events } = await givenUp();
    const givenUpAt = events.find(({ type }) => type === 'keyNotReplaced')?.at ?? 0;
    await clock.advance(MINUTE);
    secret.expiredKeys.onServed(key);
    secret.expiredKeys.onServed(key);
    expect(events.filter(({ type }) => type === 'keyAccepted')).toEqual([
      {
        type: 'keyAccepted',
        secretName: 'app',
        at: clock.now(),
        key: { versionId: 'v1', accessKeyId: expect.stringContaining('****') },
        failingMs: clock.now() - givenUpAt,
      },
    ]);
  });

  it('and then refuses for good is told of anew once calls have waited again, a minute later', async () => {
    const { secret, clock, key, typesOf } = await givenUp();
    secret.expiredKeys.onServed(key);
    await secret.expiredKeys.successorOf(key, 'acs');
    await clock.advance(MINUTE);
    const waiting = secret.expiredKeys.successorOf(key, 'acs');
    expect(secret.expiredKeys.waiting).toBe(1);
    await clock.advance(6000);
    await waiting;
    const told = typesOf().filter((type) => type === 'keyNotReplaced' || type === 'keyAccepted');
    expect(told).toEqual(['keyNotReplaced', 'keyAccepted', 'keyNotReplaced']);
    expect(secret.state).toBe('failing');
    await clock.advance(MINUTE);
    await expect(secret.expiredKeys.successorOf(key, 'acs')).resolves.toBeUndefined();
  });

  it('is not told of after the shutdown', async () => {
    const { secret, cache, key, typesOf } = await givenUp();
    cache.close();
    secret.expiredKeys.onServed(key);
    expect(typesOf().at(-1)).toBe('closed');
  });

  it('and then refuses is looked up in KMS at once, without waiting', async () => {
    const { kms, secret, clock, key } = await givenUp();
    secret.expiredKeys.onServed(key);
    kms.version = 2;
    const refusedAt = clock.monotonic();
    await expect(secret.expiredKeys.successorOf(key, 'acs')).resolves.toMatchObject({ versionId: 'v2' });
    expect(clock.monotonic()).toBe(refusedAt);
  });

  it('and then refuses is failing again, and further calls ask KMS for nothing', async () => {
    const { kms, secret, key } = await givenUp();
    secret.expiredKeys.onServed(key);
    await expect(secret.expiredKeys.successorOf(key, 'acs')).resolves.toBeUndefined();
    expect(secret.state).toBe('failing');
    const { fetches } = kms;
    await expect(secret.expiredKeys.successorOf(key, 'acs')).resolves.toBeUndefined();
    expect(kms.fetches).toBe(fetches);
  });

  it('and then refuses makes no call wait, even if KMS has stood by it in between', async () => {
    const { secret, key } = await givenUp();
    secret.expiredKeys.onServed(key);
    await secret.refresh('manual');
    await expect(secret.expiredKeys.successorOf(key, 'acs')).resolves.toBeUndefined();
  });

  it('and refuses a minute later is waited for again while KMS lags behind', async () => {
    const { kms, secret, clock, key } = await givenUp();
    await clock.advance(MINUTE);
    secret.expiredKeys.onServed(key);
    const waiting = secret.expiredKeys.successorOf(key, 'acs');
    await clock.advance(2000);
    kms.version = 2;
    await clock.advance(1000);
    await expect(waiting).resolves.toMatchObject({ versionId: 'v2' });
  });

  it('does not look good because a call from before the new refusal comes back late', async () => {
    const { secret, clock, key } = await givenUp();
    await clock.advance(MINUTE);
    secret.expiredKeys.onServed(key);
    const waiting = secret.expiredKeys.successorOf(key, 'acs');
    secret.expiredKeys.onServed(key);
    expect(secret.state).toBe('stale');
    await clock.advance(6000);
    await expect(waiting).resolves.toBeUndefined();
    expect(secret.state).toBe('failing');
  });

  it('and refuses by turns costs KMS a few requests a minute, and no call a wait', async () => {
    const { kms, secret, clock, key, typesOf } = await givenUp();
    const { fetches } = kms;
    for (let call = 0; call < 300; call++) {
      secret.expiredKeys.onServed(key);
      await expect(secret.expiredKeys.successorOf(key, 'acs')).resolves.toBeUndefined();
      await clock.advance(100);
    }
    expect(kms.fetches - fetches).toBeLessThan(20);
    expect(typesOf().filter((type) => type === 'keyNotReplaced')).toHaveLength(1);
    expect(typesOf().filter((type) => type === 'keyAccepted')).toHaveLength(1);
  });
});

describe('versions that the cloud has refused', () => {
  it('do not look good because a call that an older one signed comes back late', async () => {
    const { kms, secret, clock } = coreFixture();
    const first = await secret.get();
    kms.version = 2;
    const second = await secret.refresh('scheduled');
    const waiting = secret.expiredKeys.successorOf(second, 'acs');
    await clock.advance(6000);
    await waiting;
    secret.expiredKeys.onServed(first);
    expect(secret.state).toBe('failing');
  });

  it('do not end the wait of calls when a replica of KMS that lags offers one of them', async () => {
    const { kms, secret, clock } = coreFixture();
    const first = await secret.get();
    kms.version = 2;
    const second = await secret.refresh('scheduled');
    const waiting = [second, first].map((key) => secret.expiredKeys.successorOf(key, 'acs'));
    kms.version = 1;
    await clock.advance(2000);
    kms.version = 3;
    await clock.advance(1000);
    const successors = await Promise.all(waiting);
    expect(successors.map((key) => key?.versionId)).toEqual(['v3', 'v3']);
  });

  it('serve again when KMS means them and the cloud refuses the later one', async () => {
    const { kms, secret, clock, schedule } = coreFixture();
    schedule();
    const first = await secret.get();
    kms.version = 2;
    const second = await secret.expiredKeys.successorOf(first, 'acs');
    expect(second?.versionId).toBe('v2');
    kms.version = 1;
    const waiting = secret.expiredKeys.successorOf(second ?? first, 'acs');
    await clock.advance(6000);
    await expect(waiting).resolves.toBeUndefined();
    await clock.advance(MINUTE);
    expect(secret.current?.versionId).toBe('v1');
    expect(secret.state).toBe('fresh');
  });

  it('are good again once they serve again, until the cloud refuses them anew', async () => {
    const { kms, secret, clock } = coreFixture();
    const first = await secret.get();
    kms.version = 2;
    const second = await secret.expiredKeys.successorOf(first, 'acs');
    const waiting = secret.expiredKeys.successorOf(second ?? first, 'acs');
    await clock.advance(6000);
    await waiting;
    for (const version of [1, 3, 1]) {
      kms.version = version;
      await secret.refresh('manual');
      expect(secret.current?.versionId).toBe(`v${version}`);
    }
  });

  it('are remembered, the last eight of them, so that a lagging KMS cannot bring them back', async () => {
    const { kms, secret } = coreFixture();
    let current = await secret.get();
    for (let version = 2; version <= 10; version++) {
      kms.version = version;
      current = (await secret.expiredKeys.successorOf(current, 'acs')) ?? current;
    }
    for (const version of [9, 5, 2]) {
      kms.version = version;
      await secret.refresh('manual');
      expect(secret.current?.versionId).toBe('v10');
    }
    kms.version = 1;
    await secret.refresh('manual');
    expect(secret.current?.versionId).toBe('v1');
  });

  it('are remembered for ten minutes from the last refusal', async () => {
    const { kms, secret, clock } = coreFixture();
    await clock.advance(60 * MINUTE);
    const first = await secret.get();
    kms.version = 2;
    const second = await secret.expiredKeys.successorOf(first, 'acs');
    await clock.advance(5 * MINUTE);
    const waiting = [second ?? first, first].map((key) => secret.expiredKeys.successorOf(key, 'acs'));
    kms.version = 3;
    await clock.advance(2000);
    await Promise.all(waiting);
    kms.version = 1;
    await clock.advance(9 * MINUTE);
    await secret.refresh('manual');
    expect(secret.current?.versionId).toBe('v3');
    await clock.advance(MINUTE);
    await secret.refresh('manual');
    expect(secret.current?.versionId).toBe('v1');
  });
});
