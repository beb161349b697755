/** A source of uniform random numbers in [0, 1), such as `Math.random`. */
export type Random = () => number;

/** The range of an exponential backoff, in milliseconds. */
export interface BackoffRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/**
 * Full jitter: uniform between `minMs` and a ceiling that starts at twice `minMs` and doubles with each attempt
 * up to `maxMs`. The floor keeps an unlucky draw from becoming a hot loop; the spread keeps many instances that
 * failed together from coming back together.
 *
 * @param attempt how many attempts were made since the last success, from 0
 */
export function fullJitterMs(attempt: number, range: BackoffRange, random: Random): number {
  const ceilingMs = Math.min(range.maxMs, range.minMs * 2 ** Math.min(attempt + 1, 40));
  return range.minMs + random() * Math.max(0, ceilingMs - range.minMs);
}
