import { describe, expect, it } from '@jest/globals';

import { coreFixture } from '../support/core-fixture.js';
import { ScriptedKmsError } from '../support/scripted-kms.js';
import { settle } from '../support/virtual-clock.js';

describe('a refused key', () => {
  it('asks again when the answer under way may be older than the refusal', async () => {
    const { kms, secret, clock } = coreFixture({ expiredKeyWaitMs: 0 });
    const failed = await secret.get();
    kms.latencyMs = 100;
    const outdated = secret.refresh('scheduled');
    const successor = secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(100);
    kms.version = 2;
    await outdated;
    await clock.advance(100);
    await expect(successor).resolves.toMatchObject({ versionId: 'v2' });
    expect(kms.fetches).toBe(3);
  });

  it('is replaced by an answer that comes up to a second after the window, and no timer is left', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    const waiting = secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(4000);
    kms.version = 2;
    kms.latencyMs = 1300;
    await clock.advance(1950);
    await expect(waiting).resolves.toMatchObject({ versionId: 'v2' });
    expect(clock.pending).toBe(0);
  });

  it('is replaced by the answer of a KMS that is slow, though an older answer was waited for first', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    kms.latencyMs = 10_000;
    const outdated = secret.refresh('scheduled');
    const waiting = secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(10_000);
    await outdated;
    kms.version = 2;
    await clock.advance(10_000);
    await expect(waiting).resolves.toMatchObject({ versionId: 'v2' });
    expect(kms.fetches).toBe(3);
  });

  it('is replaced by the answer of a KMS that is slow, though a fetch under way failed soon', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    await clock.advance(60_000);
    kms.latencyMs = 100;
    kms.failure = new ScriptedKmsError('ServiceUnavailableTemporary', true);
    secret.refresh('scheduled').catch(() => undefined);
    const waiting = secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(99);
    kms.latencyMs = 10_000;
    await clock.advance(1);
    kms.failure = undefined;
    kms.version = 2;
    await clock.advance(10_000);
    await expect(waiting).resolves.toMatchObject({ versionId: 'v2' });
  });

  it('is looked for to the end of a window after a fetch under way has hung', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    kms.latencyMs = 30_000;
    kms.failure = new ScriptedKmsError('KmsTimeout', true);
    secret.refresh('scheduled').catch(() => undefined);
    const waiting = secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(29_999);
    kms.latencyMs = 0;
    await clock.advance(1);
    kms.failure = undefined;
    await clock.advance(4000);
    kms.version = 2;
    await clock.advance(1000);
    await expect(waiting).resolves.toMatchObject({ versionId: 'v2' });
  });

  it('is not waited for beyond the window by more than a second when KMS hangs', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    const waiting = secret.expiredKeys.successorOf(failed, 'acs');
    await settle();
    kms.latencyMs = 60_000;
    await clock.advance(6000);
    await expect(waiting).resolves.toBeUndefined();
  });

  it('stops asking at once when KMS refuses for good', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    kms.failure = new ScriptedKmsError('Forbidden.NoPermission', false);
    await expect(secret.expiredKeys.successorOf(failed, 'acs')).resolves.toBeUndefined();
    expect(kms.fetches).toBe(2);
    expect(clock.pending).toBe(0);
  });

  it('goes on asking through an outage within the window', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    kms.failure = new ScriptedKmsError('ServiceUnavailableTemporary', true);
    const waiting = secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(2000);
    kms.failure = undefined;
    kms.version = 2;
    await clock.advance(1000);
    await expect(waiting).resolves.toMatchObject({ versionId: 'v2' });
  });
});

describe('a KMS that hangs while a key is refused', () => {
  it('is not waited for twice to the end of a fetch', async () => {
    const { kms, secret, clock } = coreFixture();
    const failed = await secret.get();
    kms.latencyMs = 30_000;
    kms.failure = new ScriptedKmsError('KmsTimeout', true);
    secret.refresh('scheduled').catch(() => undefined);
    const waiting = secret.expiredKeys.successorOf(failed, 'acs');
    await clock.advance(30_000 + 5000 + 1000);
    await expect(waiting).resolves.toBeUndefined();
  });
});
