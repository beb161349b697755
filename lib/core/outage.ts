import { fullJitterMs, type BackoffRange, type Random } from './backoff.js';
import type { Clock } from './clock.js';
import { errorCodeOf } from './errors.js';
import { isTemporary } from './secret-value.js';

/** A first fetch that failed is not repeated within this time, however many calls ask for the secret. */
const FAILED_FETCH_MEMORY_MS = 1000;

/** The same for one that KMS refused for good, where nothing but calls repeats it. */
const REFUSED_FETCH_BACKOFF: BackoffRange = { minMs: FAILED_FETCH_MEMORY_MS, maxMs: 60_000 };

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
  #pauseMs = 0;

  constructor(private readonly context: { readonly clock: Clock; readonly random: Random }) {}

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

  /**
   * @param isRetried whether the secret is also fetched in the background; then only the last second counts
   * @throws the last failure, when it is too recent for another fetch
   */
  throwRecent(isRetried: boolean): void {
    const pauseMs = isRetried ? FAILED_FETCH_MEMORY_MS : this.#pauseMs;
    const ageMs = this.context.clock.monotonic() - this.#lastFailureAt;
    if (this.isOngoing && ageMs < pauseMs) throw this.#lastError;
  }

  /** Tells of a failed fetch. */
  add(error: unknown): void {
    const { clock, random } = this.context;
    this.#lastFailureAt = clock.monotonic();
    // Drawn once a failure: drawn by each call, the shortest of all draws would count.
    this.#pauseMs = isTemporary(error)
      ? FAILED_FETCH_MEMORY_MS
      : fullJitterMs(this.#failures, REFUSED_FETCH_BACKOFF, random);
    if (!this.isOngoing) this.#since = this.#lastFailureAt;
    this.#failures += 1;
    this.#lastError = error;
  }

  /** Tells of a good fetch. */
  end(): PastOutage | undefined {
    if (!this.isOngoing) return undefined;
    const past = { failures: this.#failures, outageMs: this.context.clock.monotonic() - this.#since };
    this.#failures = 0;
    this.#lastError = undefined;
    return past;
  }
}
