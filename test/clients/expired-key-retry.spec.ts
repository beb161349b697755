import { describe, expect, it } from '@jest/globals';

import { ClosedError, NotReadyError } from '../../lib/core/errors.js';
import { ExpiredKey, retryFixture } from '../support/retry-fixture.js';

describe('a call', () => {
  it('that meets a third dead key fails at once, and the search goes on for the calls to come', async () => {
    const { kms, clock, retry, call, sent, accepted } = retryFixture();
    await call();
    const doomed = retry.run(async ({ versionId }) => {
      sent.push(versionId);
      if (Number(versionId.slice(1)) < 3) kms.version = Number(versionId.slice(1)) + 1;
      throw new ExpiredKey(versionId);
    });
    await expect(doomed).rejects.toThrow('v3');
    expect(sent).toEqual(['v1', 'v1', 'v2', 'v3']);
    expect(clock.monotonic()).toBe(0);
    kms.version = 4;
    accepted.add(4);
    await clock.advance(1000);
    await expect(call()).resolves.toBe('v4');
    expect(sent.slice(4)).toEqual(['v4']);
  });

  it('is not sent when the module is closed at the moment in which its first key arrives', async () => {
    const { kms, cache, clock, call, sent, events } = retryFixture();
    kms.latencyMs = 10;
    const waiting = call().catch((error: unknown) => error);
    const closing = clock.advance(10);
    events.push = (...added) => {
      if (added.some(({ type }) => type === 'refreshed')) queueMicrotask(() => cache.close());
      return 0;
    };
    await closing;
    expect(await waiting).toBeInstanceOf(ClosedError);
    expect(sent).toEqual([]);
  });

  it('waits for its first key no longer than its own time-out says', async () => {
    const { kms, clock, call, sent } = retryFixture();
    kms.latencyMs = 60_000;
    const hasty = call({ waitLimitMs: 300 });
    const patient = call();
    await clock.advance(300);
    await expect(hasty).rejects.toThrow(NotReadyError);
    await clock.advance(60_000);
    await expect(patient).resolves.toBe('v1');
    expect(sent).toEqual(['v1']);
    expect(kms.fetches).toBe(1);
  });

  it('waits for its first key also when its own time-out is longer than a timer can be', async () => {
    const { kms, clock, call } = retryFixture();
    kms.latencyMs = 10_000;
    const waiting = call({ waitLimitMs: 365 * 24 * 3_600_000 });
    await clock.advance(10_000);
    await expect(waiting).resolves.toBe('v1');
    expect(clock.pending).toBe(0);
  });

  it('waits for a newer key no longer than its own time-out says, and others go on waiting', async () => {
    const { clock, call, emergencyRotate } = retryFixture();
    await call();
    emergencyRotate(2, { kmsLagMs: 3000 });
    const hasty = call({ waitLimitMs: 300 });
    const patient = call();
    await clock.advance(300);
    await expect(hasty).rejects.toThrow(ExpiredKey);
    await clock.advance(3700);
    await expect(patient).resolves.toBe('v2');
  });

  it('that was sent before its key was refused does not make it look good when it comes back late', async () => {
    const { secret, clock, call, accepted } = retryFixture();
    const slow = call({ latencyMs: 20_000 });
    await clock.advance(0);
    accepted.clear();
    const refused = call().catch((error: unknown) => error);
    await clock.advance(20_000);
    expect(await refused).toBeInstanceOf(ExpiredKey);
    await expect(slow).resolves.toBe('v1');
    expect(secret.state).toBe('failing');
  });

  it('fails with the error of the SDK even when that error cannot be looked into', async () => {
    const { retry } = retryFixture();
    const opaque = Object.defineProperty(new Error('opaque'), 'code', {
      get: () => {
        throw new TypeError('no code');
      },
    });
    await expect(retry.run(() => Promise.reject(opaque))).rejects.toBe(opaque);
  });

  it('whose body is consumed is not sent twice, and the next call uses the new key', async () => {
    const { call, sent, emergencyRotate } = retryFixture();
    await call();
    emergencyRotate(2);
    await expect(call({ replayable: false })).rejects.toThrow(ExpiredKey);
    expect(sent).toEqual(['v1', 'v1']);
    await expect(call()).resolves.toBe('v2');
  });

  it('that got no answer is neither judged nor sent again, whatever the handler would say', async () => {
    const { kms, retry, call } = retryFixture();
    await call();
    kms.version = 2;
    const lost = Object.assign(new ExpiredKey('lost'), { code: 'ECONNRESET' });
    let sendings = 0;
    const sending = retry.run(() => {
      sendings += 1;
      return Promise.reject(lost);
    });
    await expect(sending).rejects.toBe(lost);
    expect([sendings, kms.fetches]).toEqual([1, 1]);
  });

  it('that fails for another reason is not sent again, and KMS is not asked', async () => {
    const { kms, retry, call } = retryFixture();
    await call();
    kms.version = 2;
    const refusal = Object.assign(new Error('no permission'), { code: 'Forbidden.RAM' });
    let sendings = 0;
    const sending = retry.run(() => {
      sendings += 1;
      return Promise.reject(refusal);
    });
    await expect(sending).rejects.toBe(refusal);
    expect([sendings, kms.fetches]).toEqual([1, 1]);
  });

  it('that the cloud takes after the search was given up shows that the key is good', async () => {
    const { secret, clock, call, accepted } = retryFixture();
    await call();
    accepted.clear();
    const refused = call().catch((error: unknown) => error);
    await clock.advance(6000);
    expect(await refused).toBeInstanceOf(ExpiredKey);
    expect(secret.state).toBe('failing');
    accepted.add(1);
    await call();
    expect(secret.state).toBe('fresh');
  });

  it('whose refusal the SDK took for a result is sent again like any other', async () => {
    const { retry, call, sent, retries, accepted, emergencyRotate } = retryFixture();
    await call();
    emergencyRotate(2);
    const send = async ({ versionId }: { versionId: string }) => {
      sent.push(versionId);
      return { versionId, isRefused: !accepted.has(Number(versionId.slice(1))) };
    };
    const errorIn = ({ versionId, isRefused }: Awaited<ReturnType<typeof send>>) =>
      isRefused ? Promise.resolve(new ExpiredKey(versionId)) : undefined;
    await expect(retry.run(send, { errorIn })).resolves.toEqual({ versionId: 'v2', isRefused: false });
    expect(sent).toEqual(['v1', 'v1', 'v2']);
    expect(retries).toEqual(['v1']);
  });

  it('that is refused without a reason is sent again only if KMS has a newer key at once', async () => {
    const { kms, retry, call, sent, clock, typesOf } = retryFixture();
    await call();
    const hidden = Object.assign(new Error('no reason given'), { status: 403 });
    const refusedUntil = (version: string) =>
      retry.run(
        async ({ versionId }) => {
          sent.push(versionId);
          if (versionId < version) throw hidden;
          return versionId;
        },
        { isSuspicious: (error) => error === hidden },
      );
    await expect(refusedUntil('v2')).rejects.toBe(hidden);
    kms.version = 2;
    await expect(refusedUntil('v2')).resolves.toBe('v2');
    expect(sent).toEqual(['v1', 'v1', 'v1', 'v2']);
    expect(clock.monotonic()).toBe(0);
    expect(typesOf()).not.toContain('keyExpired');
  });

  it.each(['v1', 'v2'])('counts as under way until it has ended, well or not (key %s)', async (version) => {
    const { calls, clock, call, emergencyRotate, kms } = retryFixture();
    await call();
    emergencyRotate(Number(version.slice(1)));
    kms.version = 1;
    const ended = call({ latencyMs: 100, waitLimitMs: 100 }).catch(() => undefined);
    let isIdle = false;
    const idle = calls.idle(30_000).finally(() => {
      isIdle = true;
    });
    await clock.advance(99);
    expect(isIdle).toBe(false);
    await clock.advance(101);
    await ended;
    await clock.advance(0);
    expect(isIdle).toBe(true);
    await idle;
  });

  it('that the cloud takes is a success, though its key has been replaced in the meantime', async () => {
    const { secret, clock, call, accepted, kms } = retryFixture({ expiredKeyWaitMs: 0 });
    await call();
    accepted.clear();
    await expect(call()).rejects.toThrow(ExpiredKey);
    accepted.add(1);
    const slow = call({ latencyMs: 1000 });
    kms.version = 2;
    await secret.refresh('manual');
    await clock.advance(1000);
    await expect(slow).resolves.toBe('v1');
    expect(secret.current?.versionId).toBe('v2');
  });
});
