import type { Random } from './backoff.js';
import type { Clock } from './clock.js';
import type { CredentialsCache } from './credentials-cache.js';
import type { ManagedCredentialsEvent } from './events.js';
import { nextRefreshAt, type RefreshTimes } from './refresh-policy.js';

/**
 * The longest single timer. Node fires timers of 2^31 ms and more at once, and only the time of day tells that
 * the machine was suspended or its clock set, so a long wait looks at it now and then.
 */
const LONGEST_TIMER_MS = 15 * 60_000;

/** One background timer for each secret. It must not keep the process alive. */
export interface SecretTimers {
  /** Sets the secret's timer, in place of the one it may have. */
  set(secretName: string, delayMs: number, callback: () => void): void;
  clear(secretName: string): void;
}

/** What the scheduler works with. */
export interface RefreshSchedulerContext {
  readonly cache: CredentialsCache;
  readonly timers: SecretTimers;
  readonly clock: Clock;
  /** Asked at each planning. */
  readonly times: () => RefreshTimes;
  readonly random: Random;
}

interface PlannedRefresh {
  /** By the time of day. */
  readonly at: number;
  /** By the clock that never jumps, so that a clock set back does not postpone the refresh. */
  readonly monotonicAt: number;
}

/** Refreshes each secret in the background, when the refresh policy says so. */
export class RefreshScheduler {
  readonly #planned = new Map<string, PlannedRefresh>();
  #isClosed = false;

  constructor(private readonly context: RefreshSchedulerContext) {}

  /** When the secret is fetched next, in epoch milliseconds; undefined when nothing is planned. */
  nextRefreshAt(secretName: string): number | undefined {
    return this.#planned.get(secretName)?.at;
  }

  /** Plans the next refresh after each fetch, good or bad. */
  onEvent(event: ManagedCredentialsEvent): void {
    if (event.type === 'refreshed' || event.type === 'refreshFailed' || event.type === 'keyNotReplaced') {
      this.#plan(event.secretName);
    }
    // The failed fetch before it has planned the next one, unless the secret was not kept until it had a key.
    if (event.type === 'recalled' && !this.#planned.has(event.secretName)) this.#plan(event.secretName);
  }

  /** Ends all timers for good. Idempotent. */
  close(): void {
    this.#isClosed = true;
    for (const secretName of this.#planned.keys()) this.context.timers.clear(secretName);
    this.#planned.clear();
  }

  #plan(secretName: string): void {
    const { cache, clock, times, random } = this.context;
    if (this.#isClosed || !cache.has(secretName)) return;
    const now = clock.now();
    const at = nextRefreshAt(now, cache.secret(secretName).situation, times(), random);
    this.#planned.set(secretName, { at, monotonicAt: clock.monotonic() + (at - now) });
    this.#arm(secretName, at - now);
  }

  #arm(secretName: string, leftMs: number): void {
    this.context.timers.set(secretName, Math.min(Math.max(0, leftMs), LONGEST_TIMER_MS), () =>
      this.#onTimer(secretName),
    );
  }

  #onTimer(secretName: string): void {
    const leftMs = this.#leftMs(secretName);
    if (leftMs === undefined) return;
    if (leftMs > 0) this.#arm(secretName, leftMs);
    else void this.#refresh(secretName);
  }

  async #refresh(secretName: string): Promise<void> {
    const planned = this.#planned.get(secretName);
    await this.context.cache
      .secret(secretName)
      .refresh('scheduled')
      .catch(() => undefined);
    // The outcome is an event, which has planned the next run; unless this one joined a fetch that had told of it already.
    if (this.#planned.get(secretName) === planned) this.#plan(secretName);
  }

  #leftMs(secretName: string): number | undefined {
    const planned = this.#planned.get(secretName);
    if (planned === undefined) return undefined;
    const { clock } = this.context;
    return Math.min(planned.at - clock.now(), planned.monotonicAt - clock.monotonic());
  }
}
