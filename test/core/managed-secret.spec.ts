import { describe, expect, it } from '@jest/globals';

import { ClosedError } from '../../lib/core/errors.js';
import { coreFixture } from '../support/core-fixture.js';
import { ScriptedKmsError } from '../support/scripted-kms.js';

const outage = () => new ScriptedKmsError('ServiceUnavailableTemporary', true);

describe('a managed secret', () => {
  it('is fetched once, however many callers ask for it first', async () => {
    const { kms, secret } = coreFixture();
    const all = await Promise.all(Array.from({ length: 100 }, () => secret.get()));
    expect(new Set(all).size).toBe(1);
    expect(kms.fetches).toBe(1);
  });

  it('is served from memory afterwards', async () => {
    const { kms, secret } = coreFixture();
    await secret.get();
    await secret.get();
    expect(kms.fetches).toBe(1);
    expect(secret.state).toBe('fresh');
  });

  it('shares one fetch between forced refreshes, and fetches anew afterwards', async () => {
    const { kms, secret } = coreFixture();
    await Promise.all([secret.refresh('manual'), secret.refresh('scheduled'), secret.get()]);
    expect(kms.fetches).toBe(1);
    await secret.refresh('manual');
    expect(kms.fetches).toBe(2);
  });

  it('keeps the last good key while KMS fails, and tells once', async () => {
    const { kms, secret, typesOf } = coreFixture();
    const first = await secret.get();
    kms.failure = outage();
    await expect(secret.refresh('scheduled')).rejects.toThrow('ServiceUnavailableTemporary');
    await expect(secret.refresh('scheduled')).rejects.toThrow('ServiceUnavailableTemporary');
    expect(await secret.get()).toBe(first);
    expect(secret.state).toBe('stale');
    expect(secret.lastErrorCode).toBe('ServiceUnavailableTemporary');
    expect(typesOf().filter((type) => type === 'staleServed')).toHaveLength(1);
  });

  it('tells since when the key is not confirmed, and by which request; not so while there is no key', async () => {
    const { kms, secret, events, clock } = coreFixture();
    kms.failure = Object.assign(outage(), { requestId: 'request-1' });
    await secret.refresh('scheduled').catch(() => undefined);
    kms.failure = undefined;
    const { fetchedAt } = await secret.refresh('scheduled');
    await clock.advance(1000);
    kms.failure = Object.assign(outage(), { requestId: 2 });
    await secret.refresh('scheduled').catch(() => undefined);
    const told = events.filter(({ type }) => type === 'refreshFailed' || type === 'staleServed');
    expect(told).toEqual([
      expect.objectContaining({ type: 'refreshFailed', requestId: 'request-1', failures: 1 }),
      expect.objectContaining({ type: 'staleServed', fetchedAt }),
      expect.objectContaining({ type: 'refreshFailed', requestId: undefined, failures: 1 }),
    ]);
  });

  it('recovers by itself when KMS answers again', async () => {
    const { kms, secret, events, clock } = coreFixture();
    await secret.get();
    kms.failure = outage();
    await secret.refresh('scheduled').catch(() => undefined);
    await clock.advance(2000);
    kms.failure = undefined;
    await secret.refresh('scheduled');
    expect(secret.state).toBe('fresh');
    expect(secret.lastErrorCode).toBeUndefined();
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'recovered', failures: 1, outageMs: 2000 }),
    );
  });

  it('tells of an outage when it is over, with its length from its first failure, and of none that was not', async () => {
    const { kms, secret, events, clock } = coreFixture();
    await secret.get();
    await secret.refresh('scheduled');
    for (let outages = 0; outages < 2; outages++) {
      await clock.advance(60_000);
      kms.failure = outage();
      await secret.refresh('scheduled').catch(() => undefined);
      await clock.advance(2000);
      await secret.refresh('scheduled').catch(() => undefined);
      await clock.advance(3000);
      kms.failure = undefined;
      await secret.refresh('scheduled');
    }
    const told = events.filter(({ type }) => type === 'recovered');
    expect(told).toEqual(
      Array.from({ length: 2 }, () => expect.objectContaining({ failures: 2, outageMs: 5000 }) as unknown),
    );
  });

  it('tells of a new version with masked keys', async () => {
    const { kms, secret, events } = coreFixture();
    await secret.get();
    kms.version = 2;
    await secret.refresh('scheduled');
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'rotated',
        from: { versionId: 'v1', accessKeyId: 'LTAI****0001' },
        to: { versionId: 'v2', accessKeyId: 'LTAI****0002' },
      }),
    );
    expect(JSON.stringify(events)).not.toMatch(/secret-of-version|LTAI5t/);
  });

  it('does not ask KMS again within a second of a failed first fetch', async () => {
    const { kms, secret, clock } = coreFixture();
    kms.failure = new ScriptedKmsError('Forbidden.NoPermission', false);
    const first = await secret.get().catch((error: unknown) => error);
    expect(await secret.get().catch((error: unknown) => error)).toBe(first);
    expect(kms.fetches).toBe(1);
    kms.failure = undefined;
    await clock.advance(1000);
    await expect(secret.get()).resolves.toMatchObject({ versionId: 'v1' });
  });

  it('is stale before its first fetch, which has not failed yet', () => {
    const { secret } = coreFixture();
    expect(secret.state).toBe('stale');
  });

  it('asks KMS again a second after a failed first fetch, whenever that was', async () => {
    const { kms, secret, clock } = coreFixture();
    await clock.advance(60_000);
    kms.failure = outage();
    await secret.get().catch(() => undefined);
    await clock.advance(999);
    await secret.get().catch(() => undefined);
    expect(kms.fetches).toBe(1);
    await clock.advance(1);
    await secret.get().catch(() => undefined);
    expect(kms.fetches).toBe(2);
  });

  it('is failing while it has no key', async () => {
    const { kms, secret } = coreFixture();
    kms.failure = outage();
    await secret.get().catch(() => undefined);
    expect(secret.state).toBe('failing');
  });

  it('ends a fetch that is under way when it is closed', async () => {
    const { kms, secret, cache, typesOf } = coreFixture();
    kms.latencyMs = 60_000;
    const fetching = secret.get();
    cache.close();
    await expect(fetching).rejects.toThrow(ClosedError);
    await expect(secret.get()).rejects.toThrow(ClosedError);
    await expect(secret.refresh('manual')).rejects.toThrow(/been closed/);
    expect(typesOf()).toEqual(['closed']);
  });
});
