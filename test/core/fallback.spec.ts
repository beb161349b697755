import { describe, expect, it } from '@jest/globals';

import { ClosedError } from '../../lib/core/errors.js';
import { coreFixture } from '../support/core-fixture.js';
import { ScriptedFallback } from '../support/scripted-fallback.js';
import { ScriptedKmsError } from '../support/scripted-kms.js';
import { START_AT } from '../support/virtual-clock.js';

const outage = () => new ScriptedKmsError('ServiceUnavailableTemporary', true);

describe('when KMS is down', () => {
  it('the first key comes from the fallback, is stale, and KMS goes on being asked', async () => {
    const fallback = new ScriptedFallback();
    const { kms, secret, schedule, clock, events } = coreFixture({ fallback });
    schedule();
    fallback.offer(1);
    kms.failure = outage();
    await expect(secret.get()).resolves.toMatchObject({ versionId: 'v1', fetchedAt: START_AT - 1000 });
    expect(secret.state).toBe('stale');
    expect(events).toContainEqual(expect.objectContaining({ type: 'recalled', origin: 'file cache' }));
    kms.failure = undefined;
    kms.version = 2;
    await clock.advance(5000);
    expect(secret.current?.versionId).toBe('v2');
    expect(secret.state).toBe('fresh');
  });

  it('a KMS that hangs holds up the first key for 5 seconds', async () => {
    const fallback = new ScriptedFallback();
    const { kms, secret, clock } = coreFixture({ fallback });
    fallback.offer(1);
    kms.latencyMs = 60_000;
    kms.honorsTimeout = true;
    const first = secret.get();
    await clock.advance(5000);
    await expect(first).resolves.toMatchObject({ versionId: 'v1' });
  });

  it('KMS is waited for to the end when the fallback has nothing', async () => {
    const { kms, secret, clock } = coreFixture({ fallback: new ScriptedFallback() });
    kms.latencyMs = 8000;
    kms.honorsTimeout = true;
    const first = secret.get(30_000);
    await clock.advance(5000 + 8000);
    await expect(first).resolves.toMatchObject({ versionId: 'v1' });
    expect(kms.fetches).toBe(2);
  });

  it('a good key is not replaced from the fallback', async () => {
    const fallback = new ScriptedFallback();
    const { kms, secret } = coreFixture({ fallback });
    await secret.get();
    fallback.offer(9);
    kms.failure = outage();
    await expect(secret.refresh('scheduled')).rejects.toThrow('ServiceUnavailableTemporary');
    expect(fallback.asked).toBe(0);
    expect(secret.current?.versionId).toBe('v1');
  });

  it('a refused key is replaced from the fallback, but not by itself', async () => {
    const fallback = new ScriptedFallback();
    const { kms, secret } = coreFixture({ fallback });
    const failed = await secret.get();
    kms.failure = outage();
    fallback.offer(1);
    fallback.offer(2);
    await expect(secret.expiredKeys.successorOf(failed, 'acs')).resolves.toMatchObject({ versionId: 'v2' });
  });

  it('KMS goes on being asked when the fallback takes longer than the next refresh is away', async () => {
    const fallback = new ScriptedFallback();
    const { kms, secret, schedule, clock } = coreFixture({ fallback });
    schedule();
    fallback.wait = () =>
      new Promise<void>((resolve) => {
        clock.setTimer(3000, resolve);
      });
    kms.failure = outage();
    secret.get().catch(() => undefined);
    await clock.advance(60_000);
    kms.failure = undefined;
    await clock.advance(5 * 60_000);
    expect(secret.current?.versionId).toBe('v1');
  });

  it('a fallback that never answers holds up neither calls nor the next fetch', async () => {
    const fallback = new ScriptedFallback();
    const { kms, secret, schedule, clock } = coreFixture({ fallback });
    schedule();
    fallback.wait = () => new Promise(() => undefined);
    kms.failure = outage();
    const first = secret.get().catch((error: unknown) => error);
    await clock.advance(10_000);
    expect(await first).toBe(kms.failure);
    kms.failure = undefined;
    await clock.advance(5 * 60_000);
    expect(secret.current?.versionId).toBe('v1');
  });

  it('KMS is not asked once more when the time of the caller is over by then', async () => {
    const { kms, secret, clock } = coreFixture({ fallback: new ScriptedFallback() });
    kms.latencyMs = 60_000;
    kms.honorsTimeout = true;
    const first = secret.get(5000).catch((error: unknown) => error);
    await clock.advance(5000);
    expect(await first).toMatchObject({ code: 'ETIMEDOUT' });
    expect(kms.fetches).toBe(1);
  });

  it('a fallback that never answers does not hold up the end', async () => {
    const fallback = new ScriptedFallback();
    const { kms, secret, cache, clock } = coreFixture({ fallback });
    fallback.wait = () => new Promise(() => undefined);
    kms.failure = outage();
    const first = secret.get().catch((error: unknown) => error);
    await clock.advance(100);
    cache.close();
    expect(await first).toBeInstanceOf(ClosedError);
    expect(clock.pending).toBe(0);
    expect(kms.fetches).toBe(1);
  });

  it('a refused key is replaced from the fallback within seconds while KMS hangs', async () => {
    const fallback = new ScriptedFallback();
    const { kms, secret, clock } = coreFixture({ fallback });
    const failed = await secret.get();
    kms.latencyMs = 60_000;
    kms.honorsTimeout = true;
    fallback.offer(2);
    const successor = secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(5000);
    await expect(successor).resolves.toMatchObject({ versionId: 'v2' });
  });

  it('a refused key is not replaced from the fallback by one that was refused before', async () => {
    const fallback = new ScriptedFallback();
    const { kms, secret } = coreFixture({ fallback, expiredKeyWaitMs: 0 });
    const first = await secret.get();
    kms.version = 2;
    const second = await secret.expiredKeys.successorOf(first, 'acs');
    kms.failure = outage();
    fallback.offer(1);
    await expect(secret.expiredKeys.successorOf(second ?? first, 'acs')).resolves.toBeUndefined();
    expect(secret.current?.versionId).toBe('v2');
  });

  it('a permanent refusal of KMS is not papered over', async () => {
    const fallback = new ScriptedFallback();
    const { kms, secret } = coreFixture({ fallback });
    fallback.offer(1);
    kms.failure = new ScriptedKmsError('Forbidden.NoPermission', false);
    await expect(secret.get()).rejects.toThrow('Forbidden.NoPermission');
    expect(fallback.asked).toBe(0);
  });
});

describe('what KMS answers', () => {
  it('is remembered, when it is a key', async () => {
    const fallback = new ScriptedFallback();
    const { kms, secret } = coreFixture({ fallback });
    await secret.get();
    kms.extra = { secretData: 'no key' };
    await secret.refresh('manual').catch(() => undefined);
    expect(fallback.remembered.map(({ versionId }) => versionId)).toEqual(['v1']);
  });

  it('is not remembered, when it is a version that the cloud has refused', async () => {
    const fallback = new ScriptedFallback();
    const { kms, secret } = coreFixture({ fallback });
    const failed = await secret.get();
    kms.version = 2;
    await secret.expiredKeys.successorOf(failed, 'acs');
    kms.version = 1;
    await secret.refresh('scheduled');
    expect(fallback.remembered.map(({ versionId }) => versionId)).toEqual(['v1', 'v2']);
  });
});
