/** The durations of the last calls, to tell what is usual and what is bad luck. */
export class LatencyWindow {
  #durations: number[] = [];
  #next = 0;

  constructor(private readonly size = 5000) {}

  /** Adds one duration in milliseconds. */
  add(durationMs: number): void {
    this.#durations[this.#next++ % this.size] = durationMs;
  }

  /** The duration that the given share of calls stays below, in milliseconds; undefined when there were no calls. */
  percentile(share: number): number | undefined {
    const sorted = this.#durations.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  }

  /** Forgets all durations. */
  clear(): void {
    this.#durations = [];
    this.#next = 0;
  }
}
