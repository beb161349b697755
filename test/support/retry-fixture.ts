import { ExpiredKeyRetry, type RetryOptions } from '../../lib/clients/expired-key-retry.js';
import { InFlightCalls } from '../../lib/clients/in-flight-calls.js';
import type { ManagedCredentials } from '../../lib/core/managed-credentials.js';
import { coreFixture } from './core-fixture.js';

/** A refusal as an SDK throws it. */
export class ExpiredKey extends Error {
  readonly code = 'InvalidAccessKeyId.NotFound';
}

/** The core with calls through it, to a cloud that takes the versions it is told to. */
export function retryFixture(parts: Parameters<typeof coreFixture>[0] = {}) {
  const core = coreFixture(parts);
  const { clock, cache, secret } = core;
  const accepted = new Set([1]);
  const sent: string[] = [];
  const calls = new InFlightCalls();
  const retries: string[] = [];
  const retry = new ExpiredKeyRetry({
    secret,
    sdk: 'acs',
    calls,
    clock,
    closed: cache.closed,
    judge: (error) => error instanceof ExpiredKey,
    onRetry: () => {
      retries.push(sent.at(-1) ?? 'none');
    },
  });
  /** Sends something once; the cloud judges when it arrives and answers after `latencyMs`. */
  const send = async ({ versionId }: ManagedCredentials, latencyMs = 0) => {
    sent.push(versionId);
    const isAccepted = accepted.has(Number(versionId.slice(1)));
    if (latencyMs > 0) {
      await new Promise<void>((resolve) => {
        clock.setTimer(latencyMs, resolve);
      });
    }
    if (!isAccepted) throw new ExpiredKey(versionId);
    return versionId;
  };
  const call = (options?: RetryOptions & { readonly latencyMs?: number }) =>
    retry.run((key) => send(key, options?.latencyMs), options);
  /** A new version; the cloud refuses all others at once. */
  const emergencyRotate = (version: number, { kmsLagMs = 0 } = {}) => {
    accepted.clear();
    accepted.add(version);
    if (kmsLagMs === 0) core.kms.version = version;
    else {
      clock.setTimer(kmsLagMs, () => {
        core.kms.version = version;
      });
    }
  };
  return { ...core, accepted, sent, retries, calls, retry, send, call, emergencyRotate };
}
