import { describe, expect, it } from '@jest/globals';

import { coreFixture } from '../support/core-fixture.js';
import { ScriptedFallback } from '../support/scripted-fallback.js';
import { ScriptedKmsError } from '../support/scripted-kms.js';

const MINUTE = 60_000;

/** A KMS that takes its time, some time after the start. */
async function slowKms(latencyMs: number, fallback?: ScriptedFallback) {
  const fixture = coreFixture(fallback ? { fallback } : {});
  await fixture.clock.advance(MINUTE);
  fixture.kms.honorsTimeout = true;
  fixture.kms.latencyMs = latencyMs;
  return fixture;
}

describe('a KMS that takes 8 seconds to answer', () => {
  it('is waited for when there is nothing to fall back on', async () => {
    const { kms, secret, clock } = await slowKms(8000);
    const first = secret.get();
    await clock.advance(8000);
    await expect(first).resolves.toMatchObject({ versionId: 'v1' });
    expect(kms.fetches).toBe(1);
  });

  it('is waited for when there is a good key, though there is a fallback', async () => {
    const { kms, secret, clock, typesOf } = await slowKms(0, new ScriptedFallback());
    await secret.get();
    kms.latencyMs = 8000;
    kms.version = 2;
    const refreshing = secret.refresh('scheduled');
    await clock.advance(8000);
    await expect(refreshing).resolves.toMatchObject({ versionId: 'v2' });
    expect(typesOf()).not.toContain('refreshFailed');
  });

  it('is told of by events with the time it took, and why it was asked', async () => {
    const { kms, secret, clock, events } = await slowKms(8000);
    const first = secret.get();
    await clock.advance(8000);
    await first;
    expect(events.at(-1)).toMatchObject({ type: 'refreshed', reason: 'initial', durationMs: 8000 });
    kms.failure = new ScriptedKmsError('ServiceUnavailableTemporary', true);
    const failing = secret.refresh('manual').catch((error: unknown) => error);
    await clock.advance(8000);
    expect(await failing).toBe(kms.failure);
    expect(events.at(-1)).toMatchObject({ type: 'refreshFailed', reason: 'manual', durationMs: 8000 });
  });
});

describe('a fetch with a limit of its own', () => {
  it.each([3000, 5000, 9000])('is over after %i ms, also when the fallback has nothing', async (limitMs) => {
    const { secret, clock } = await slowKms(MINUTE, new ScriptedFallback());
    const first = secret.get(limitMs).catch((error: unknown) => error);
    let isOver = false;
    void first.finally(() => {
      isOver = true;
    });
    await clock.advance(limitMs - 1);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(isOver).toBe(true);
    expect(await first).toMatchObject({ code: 'ETIMEDOUT' });
  });
});

describe('a KMS that fails at once', () => {
  it('is not asked a second time in the same fetch when the fallback has nothing', async () => {
    const { kms, secret } = await slowKms(0, new ScriptedFallback());
    kms.failure = new ScriptedKmsError('ServiceUnavailableTemporary', true);
    await expect(secret.get()).rejects.toBe(kms.failure);
    expect(kms.fetches).toBe(1);
  });
});
