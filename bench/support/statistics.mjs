/** The value that the given share of all values lies below. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** The value in the middle. */
export function median(values) {
  return quantile(values, 0.5);
}

/** How long something takes, in milliseconds. */
export async function timed(act) {
  const startedAt = performance.now();
  await act();
  return performance.now() - startedAt;
}
