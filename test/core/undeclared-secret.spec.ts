import { describe, expect, it } from '@jest/globals';

import type { SecretFallback } from '../../lib/core/secret-fallback.js';
import { coreFixture } from '../support/core-fixture.js';
import { ScriptedKmsError, secretValue } from '../support/scripted-kms.js';
import { START_AT } from '../support/virtual-clock.js';

const noSuchSecret = () => new ScriptedKmsError('Forbidden.ResourceNotFound', false);
const outage = () => new ScriptedKmsError('ServiceUnavailableTemporary', true);
const MINUTE = 60_000;

/** The core, with a scheduler, and calls for the key of a name that nobody has declared. */
function undeclaredFixture(fixture: Parameters<typeof coreFixture>[0] = {}) {
  const core = coreFixture(fixture);
  const scheduler = core.schedule();
  const get = (secretName = 'typo') =>
    core.cache
      .secret(secretName)
      .get()
      .catch((error: unknown) => error);
  /** Ten calls a second. */
  const hammer = async (forMs: number) => {
    for (let elapsedMs = 0; elapsedMs < forMs; elapsedMs += 100) {
      await get();
      await core.clock.advance(100);
    }
  };
  return { ...core, scheduler, get, hammer };
}

describe('a name that KMS does not know and nobody has declared', () => {
  it('is asked for once, and then answered with the same error', async () => {
    const { kms, get } = undeclaredFixture();
    kms.failure = noSuchSecret();
    for (let call = 0; call < 100; call++) expect(await get()).toBe(kms.failure);
    expect(kms.fetches).toBe(1);
  });

  it.each([
    { draw: 0, first: 120, later: 600 },
    { draw: 1, first: 6, later: 10 },
  ])(
    'is asked for after 1 s at the soonest and 1 min at the latest by calls that go on: %j',
    async ({ draw, first, later }) => {
      const { kms, hammer } = undeclaredFixture({ random: () => draw });
      kms.failure = noSuchSecret();
      await hammer(2 * MINUTE);
      expect(kms.fetches).toBe(first);
      await hammer(10 * MINUTE);
      expect(kms.fetches).toBe(first + later);
    },
  );

  it('has its key within a minute after it was made in KMS, however often it was refused', async () => {
    const { kms, clock, hammer, get } = undeclaredFixture({ random: () => 1 });
    kms.failure = noSuchSecret();
    await hammer(10 * MINUTE);
    kms.failure = undefined;
    await clock.advance(MINUTE);
    await expect(get()).resolves.toMatchObject({ versionId: 'v1' });
  });

  it('has no row and no timer until it has a key, and then both', async () => {
    const { kms, cache, clock, scheduler, get } = undeclaredFixture();
    const names = () => [...cache.secrets()].map(({ secretName }) => secretName);
    kms.failure = noSuchSecret();
    await get();
    expect(names()).toEqual(['app']);
    expect(scheduler.nextRefreshAt('typo')).toBeUndefined();
    kms.failure = undefined;
    await clock.advance(MINUTE);
    await get();
    expect(names()).toEqual(['app', 'typo']);
    expect(scheduler.nextRefreshAt('typo')).toBeGreaterThan(START_AT);
  });

  it('is asked for at once when the application declares it after the last second', async () => {
    const { kms, cache, clock, hammer } = undeclaredFixture({ random: () => 1 });
    kms.failure = noSuchSecret();
    await hammer(MINUTE);
    kms.failure = undefined;
    await clock.advance(1000);
    await expect(cache.declare('typo').get()).resolves.toMatchObject({ versionId: 'v1' });
  });

  it('is forgotten when a thousand others were refused after it', async () => {
    const { kms, cache, get } = undeclaredFixture();
    kms.failure = noSuchSecret();
    const first = cache.secret('name-0');
    for (let name = 0; name < 1000; name++) await get(`name-${name}`);
    expect(cache.secret('name-0')).toBe(first);
    await get('name-1000');
    expect(cache.secret('name-0')).not.toBe(first);
  });
});

describe('a secret that nobody has declared', () => {
  it('is asked for again a second after a failure of KMS', async () => {
    const { kms, clock, get } = undeclaredFixture({ random: () => 1 });
    for (const fetches of [1, 2, 3, 4, 5]) {
      kms.failure = outage();
      expect(await get()).toBe(kms.failure);
      expect(await get()).toBe(kms.failure);
      expect(kms.fetches).toBe(fetches);
      await clock.advance(1000);
    }
  });

  it('is kept, and refreshed in the background, when its key came from the fallback', async () => {
    const fallback: SecretFallback = {
      isAvailable: true,
      remember: () => undefined,
      recall: async (secretName, isUsable) => {
        const kept = { value: secretValue(secretName, 1), fetchedAt: START_AT - 1000, origin: 'file cache' };
        return isUsable(kept) ? kept : undefined;
      },
    };
    const { kms, cache, clock, get } = undeclaredFixture({ fallback });
    kms.failure = outage();
    await expect(get('other')).resolves.toMatchObject({ versionId: 'v1' });
    expect(await get('other')).toBe(cache.secret('other').current);
    expect(kms.fetches).toBe(1);
    kms.failure = undefined;
    kms.version = 2;
    await clock.advance(5000);
    await expect(get('other')).resolves.toMatchObject({ versionId: 'v2' });
  });
});
