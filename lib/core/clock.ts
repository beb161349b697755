/** Stops a timer; harmless when it has fired already. */
export type CancelTimer = () => void;

/** Time as the core sees it, so that tests and simulations can run on their own. */
export interface Clock {
  /** The time of day in epoch milliseconds; may jump in both directions. */
  now(): number;
  /** Milliseconds since some fixed moment; never jumps. For durations. */
  monotonic(): number;
  /** Calls back once after `delayMs`, which must be below 2^31. */
  setTimer(delayMs: number, callback: () => void): CancelTimer;
}

/**
 * The machine's clock. Its timers keep the process alive: they are only set while a caller waits for their
 * outcome, and a process that left before would lose that call.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
