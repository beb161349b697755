import type { Clock } from './clock.js';
import { errorCodeOf } from './errors.js';

/** What an outage was, once it is over. */
export interface PastOutage {
  /** Failed fetches in a row. */
  readonly failures: number;
  /** Since the first of them. */
  readonly outageMs: number;
}

/** The fetches of one secret that have failed in a row, if any. */
export class Outage {
  #failures = 0;
  #since = 0;
  #lastFailureAt = 0;
  #lastError: unknown;

  constructor(private readonly clock: Clock) {}

  get isOngoing(): boolean {
    return this.#failures > 0;
  }

  /** Failed fetches since the last good one. */
  get failures(): number {
    return this.#failures;
  }

  /** The code of the last failure, while it goes on. */
  get lastErrorCode(): string | undefined {
    return this.isOngoing ? errorCodeOf(this.#lastError) : undefined;
  }

  /** @throws the last failure, when it is no older than `withinMs` */
  throwRecent(withinMs: number): void {
    if (this.isOngoing && this.clock.monotonic() - this.#lastFailureAt < withinMs) throw this.#lastError;
  }

  /** Tells of a failed fetch. */
  add(error: unknown): void {
    this.#lastFailureAt = this.clock.monotonic();
    if (!this.isOngoing) this.#since = this.#lastFailureAt;
    this.#failures += 1;
    this.#lastError = error;
  }

  /** Tells of a good fetch. */
  end(): PastOutage | undefined {
    if (!this.isOngoing) return undefined;
    const past = { failures: this.#failures, outageMs: this.clock.monotonic() - this.#since };
    this.#failures = 0;
    this.#lastError = undefined;
    return past;
  }
}
