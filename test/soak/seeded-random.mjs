/**
 * A source of random numbers in [0, 1) that a seed reproduces: mulberry32, by Tommy Ettinger, in the public domain.
 */
export function seededRandom(seed) {
  let state = Math.trunc(seed);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of several, each as likely as its weight says. */
export function pick(random, weighted) {
  const total = weighted.reduce((sum, [weight]) => sum + weight, 0);
  let at = random() * total;
  for (const [weight, value] of weighted) {
    at -= weight;
    if (at < 0) return value;
  }
  return weighted.at(-1)[1];
}
