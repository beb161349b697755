import { describe, expect, it } from '@jest/globals';

import { coreFixture } from '../support/core-fixture.js';
import { ScriptedKmsError } from '../support/scripted-kms.js';

const SECOND = 1000;

describe('a key that may be the reason of a refusal', () => {
  it('is compared with KMS once, without waiting, and not held to be dead', async () => {
    const { kms, secret, typesOf } = coreFixture();
    const failed = await secret.get();
    await expect(secret.suspectedKeys.successorOf(failed)).resolves.toBeUndefined();
    expect(kms.fetches).toBe(2);
    expect(secret.state).toBe('fresh');
    expect(typesOf()).not.toContain('keyExpired');
  });

  it('is replaced for all calls by one fetch', async () => {
    const { kms, secret } = coreFixture();
    const failed = await secret.get();
    kms.version = 2;
    const successors = await Promise.all(
      Array.from({ length: 100 }, () => secret.suspectedKeys.successorOf(failed)),
    );
    expect(new Set(successors.map((key) => key?.versionId))).toEqual(new Set(['v2']));
    expect(kms.fetches).toBe(2);
  });

  it('does not flood KMS when the refusals have another reason', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    for (let call = 0; call < 600; call++) {
      await secret.suspectedKeys.successorOf(failed);
      await clock.advance(100);
    }
    expect(kms.fetches).toBeLessThan(15);
    kms.version = 2;
    await clock.advance(30_000);
    await expect(secret.suspectedKeys.successorOf(failed)).resolves.toMatchObject({ versionId: 'v2' });
  });

  it('is compared five times at once, then after 1 s, doubling to 30 s', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    const checkedAt: number[] = [];
    while (clock.monotonic() < 130 * SECOND) {
      const { fetches } = kms;
      await secret.suspectedKeys.successorOf(failed);
      if (kms.fetches > fetches) checkedAt.push(clock.monotonic() / SECOND);
      await clock.advance(100);
    }
    expect(checkedAt).toEqual([0, 0.1, 0.2, 0.3, 0.4, 1.4, 3.4, 7.4, 15.4, 31.4, 61.4, 91.4, 121.4]);
  });

  it('is compared at once again after a comparison has found a new version', async () => {
    const { kms, secret } = coreFixture();
    const failed = await secret.get();
    for (let call = 0; call < 4; call++) await secret.suspectedKeys.successorOf(failed);
    kms.version = 2;
    const second = await secret.suspectedKeys.successorOf(failed);
    expect(second?.versionId).toBe('v2');
    const { fetches } = kms;
    for (let call = 0; call < 9; call++) await secret.suspectedKeys.successorOf(second ?? failed);
    expect(kms.fetches - fetches).toBe(5);
  });

  it('is compared anew when the answer under way may be older than the refusal', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    kms.latencyMs = 100;
    const outdated = secret.refresh('scheduled');
    const successor = secret.suspectedKeys.successorOf(failed);
    await clock.advance(100);
    await outdated;
    kms.version = 2;
    await clock.advance(100);
    await expect(successor).resolves.toMatchObject({ versionId: 'v2' });
    expect(kms.fetches).toBe(3);
  });

  it('needs one answer only when the one under way brings a new version', async () => {
    const { kms, secret, clock, events } = coreFixture();
    const failed = await secret.get();
    kms.version = 2;
    kms.latencyMs = 100;
    const refreshing = secret.refresh('scheduled');
    const successor = secret.suspectedKeys.successorOf(failed);
    await clock.advance(100);
    await refreshing;
    await expect(successor).resolves.toMatchObject({ versionId: 'v2' });
    expect(kms.fetches).toBe(2);
    expect(events.at(-1)).toMatchObject({ type: 'refreshed', reason: 'scheduled' });
  });

  it('that is refused many times at once is compared once, however late the answer comes', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    for (let call = 0; call < 5; call++) await secret.suspectedKeys.successorOf(failed);
    await clock.advance(SECOND);
    kms.version = 2;
    kms.latencyMs = 10 * SECOND;
    const calls = [secret.suspectedKeys.successorOf(failed), secret.suspectedKeys.successorOf(failed)];
    await clock.advance(10 * SECOND);
    const successors = await Promise.all(calls);
    expect(successors.map((key) => key?.versionId)).toEqual(['v2', 'v2']);
    expect(kms.fetches).toBe(7);
  });

  it('goes on serving when KMS fails to answer, and the event tells why KMS was asked', async () => {
    const { kms, secret, events } = coreFixture();
    const failed = await secret.get();
    kms.failure = new ScriptedKmsError('ServiceUnavailableTemporary', true);
    await expect(secret.suspectedKeys.successorOf(failed)).resolves.toBeUndefined();
    expect(secret.current).toBe(failed);
    expect(events.at(-1)).toMatchObject({ type: 'refreshFailed', reason: 'suspected-key' });
  });

  it('is not compared after the module was closed', async () => {
    const { kms, secret, cache, typesOf } = coreFixture();
    const failed = await secret.get();
    cache.close();
    await expect(secret.suspectedKeys.successorOf(failed)).resolves.toBeUndefined();
    expect(kms.fetches).toBe(1);
    expect(typesOf().at(-1)).toBe('closed');
  });
});
