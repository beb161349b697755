import type { CancelTimer, Clock } from '../../lib/core/clock.js';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** 2024-01-01T00:00:00Z */
export const START_AT = 1_704_067_200_000;

/** Time that only passes when a test says so. */
export class VirtualClock implements Clock {
  #elapsedMs = 0;
  #offsetMs = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return START_AT + this.#elapsedMs + this.#offsetMs;
  }

  monotonic(): number {
    return this.#elapsedMs;
  }

  setTimer(delayMs: number, callback: () => void): CancelTimer {
    // Node would fire such a timer at once.
    if (!(delayMs >= 0 && delayMs < 2 ** 31)) throw new RangeError(`A timer of ${delayMs} ms`);
    const timer = { at: this.#elapsedMs + delayMs, order: this.#order++, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Sets the time of day, as an administrator or NTP does. */
  jump(byMs: number): void {
    this.#offsetMs += byMs;
  }

  /** Lets time pass, timer by timer, and all promises that follow from each settle. */
  async advance(byMs: number): Promise<void> {
    const endAt = this.#elapsedMs + byMs;
    await settle();
    for (let next = this.#next(endAt); next !== undefined; next = this.#next(endAt)) {
      this.#timers.delete(next);
      this.#elapsedMs = Math.max(this.#elapsedMs, next.at);
      next.callback();
      await settle();
    }
    this.#elapsedMs = endAt;
  }

  #next(endAt: number): Timer | undefined {
    const due = [...this.#timers].filter(({ at }) => at <= endAt);
    return due.toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
  }
}

/** Lets all promises settle that need no more than other promises. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
