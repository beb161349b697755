import type { CancelTimer, Clock } from './clock.js';

/** Node fires longer timers at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The outcome of a promise, or undefined when it takes longer than `limitMs`; no limit waits for it to the end. */
export async function withinLimit<Value>(
  promise: Promise<Value>,
  limitMs: number | undefined,
  clock: Clock,
): Promise<Value | undefined> {
  if (limitMs === undefined) return promise;
  let cancel: CancelTimer | undefined;
  const limit = new Promise<undefined>((resolve) => {
    cancel = clock.setTimer(Math.min(limitMs, LONGEST_TIMER_MS), () => resolve(undefined));
  });
  return Promise.race([promise, limit]).finally(() => cancel?.());
}
