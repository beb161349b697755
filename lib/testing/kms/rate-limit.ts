import { EmulatorError } from '../emulator-error.js';
import { ServiceError } from '../http/service-error.js';

const WINDOW_MS = 1000;

/** How many calls a KMS server takes. */
export interface ThrottleOptions {
  /** Calls above this within any second are refused with 429 Rejected.Throttling. */
  readonly requestsPerSecond: number;
}

/** The quota of one KMS server, over a sliding second. */
export class RateLimit {
  // One slot for each call that fits into a second: the next one is always the oldest.
  readonly #admittedAt: number[];
  #next = 0;

  /** @throws EmulatorError when the quota is no count */
  constructor(
    { requestsPerSecond }: ThrottleOptions,
    private readonly now: () => number,
  ) {
    if (!Number.isInteger(requestsPerSecond) || requestsPerSecond < 1) {
      throw new EmulatorError(
        `The option throttle.requestsPerSecond must be a whole number above 0, not ${requestsPerSecond}.`,
      );
    }
    this.#admittedAt = Array.from({ length: requestsPerSecond }, () => Number.NEGATIVE_INFINITY);
  }

  /**
   * Counts a call.
   * @throws ServiceError 429 when it is one too many
   */
  admit(): void {
    const now = this.now();
    if (now - (this.#admittedAt[this.#next] ?? 0) < WINDOW_MS) {
      throw new ServiceError(429, 'Rejected.Throttling', 'QPS Limit Exceeded');
    }
    this.#admittedAt[this.#next] = now;
    this.#next = (this.#next + 1) % this.#admittedAt.length;
  }
}
