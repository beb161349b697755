import { LatencyWindow } from './latency-window.js';

/** The calls that have come back since the last look. */
export interface CallInterval {
  readonly calls: number;
  readonly failed: number;
  /** Undefined when no call has come back. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

/** Counts and times calls. */
export class CallRecorder {
  calls = 0;
  failed = 0;
  /** Calls that have not come back yet. */
  inFlight = 0;
  /** How many calls have failed for each reason: a code, or the name of the error. */
  readonly failures = new Map<string, number>();
  /** Of the last calls. */
  readonly latency = new LatencyWindow();
  readonly #interval = new LatencyWindow();
  #seen = { calls: 0, failed: 0 };
  #isClosed = false;

  /** Makes a call, and takes note of how it ends. */
  async measure(call: () => Promise<unknown>): Promise<void> {
    const startedAt = performance.now();
    this.inFlight += 1;
    try {
      await call();
    } catch (error) {
      this.#fail(error);
    }
    this.#end(performance.now() - startedAt);
  }

  /** What has come back since the last time that this was asked. */
  takeInterval(): CallInterval {
    const { calls, failed } = this.#seen;
    this.#seen = { calls: this.calls, failed: this.failed };
    const interval = {
      calls: this.calls - calls,
      failed: this.failed - failed,
      p50Ms: this.#interval.percentile(0.5),
      p99Ms: this.#interval.percentile(0.99),
    };
    this.#interval.clear();
    return interval;
  }

  /** Counts no more: whatever is still in flight is cut off by the end of the demo. */
  close(): void {
    this.#isClosed = true;
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    this.failed += 1;
    // An SDK may put a signed URL into an error: its code is all that is shown.
    const code = codeOf(error);
    this.failures.set(code, (this.failures.get(code) ?? 0) + 1);
  }

  #end(durationMs: number): void {
    if (this.#isClosed) return;
    this.inFlight -= 1;
    this.calls += 1;
    this.latency.add(durationMs);
    this.#interval.add(durationMs);
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
