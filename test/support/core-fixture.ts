import { CredentialsCache } from '../../lib/core/credentials-cache.js';
import type { ManagedCredentialsEvent } from '../../lib/core/events.js';
import { RefreshScheduler } from '../../lib/core/refresh-scheduler.js';
import { DEFAULT_REFRESH_TIMES, type RefreshTimes } from '../../lib/core/refresh-policy.js';
import type { SecretFallback } from '../../lib/core/secret-fallback.js';
import { ScriptedKms } from './scripted-kms.js';
import { VirtualClock } from './virtual-clock.js';

/** The core, put together as the module does it, on a clock and a KMS that the test controls. */
export function coreFixture({
  expiredKeyWaitMs = 5000,
  random = () => 0.5,
  times = { ...DEFAULT_REFRESH_TIMES, jitterMs: 0 },
  fallback,
}: {
  fallback?: SecretFallback;
  expiredKeyWaitMs?: number;
  random?: () => number;
  times?: RefreshTimes;
} = {}) {
  const clock = new VirtualClock();
  const kms = new ScriptedKms(clock);
  const events: ManagedCredentialsEvent[] = [];
  let scheduler: RefreshScheduler | undefined;
  const cache = new CredentialsCache({
    source: kms,
    fallback,
    clock,
    random,
    expiredKeyWaitMs,
    emit: (event) => {
      events.push(event);
      scheduler?.onEvent(event);
    },
  });
  const timers = new Map<string, () => void>();
  /** Turns the background refresh on. */
  const schedule = () => {
    scheduler = new RefreshScheduler({
      cache,
      clock,
      random,
      times: () => times,
      timers: {
        set: (name, delayMs, callback) => {
          timers.get(name)?.();
          timers.set(name, clock.setTimer(delayMs, callback));
        },
        clear: (name) => {
          timers.get(name)?.();
          timers.delete(name);
        },
      },
    });
    return scheduler;
  };
  const typesOf = () => events.map(({ type }) => type);
  return { clock, kms, events, typesOf, cache, schedule, secret: cache.declare('app') };
}
