/** What the charts show, in seconds. */
export const WINDOW_S = 60;

/** From seconds to pixels: the end of the window is now. @param {number} now @param {number} left @param {number} right */
export function timeScale(now, left, right) {
  return (at) => right - ((now - at) / WINDOW_S) * (right - left);
}

/**
 * A scale from 0 to a round number above all values, with its ticks.
 * @param {number} max @param {number} top @param {number} bottom @param {number} least
 */
export function linearScale(max, top, bottom, least) {
  const end = roundUp(Math.max(max, least));
  return {
    y: (value) => bottom - (value / end) * (bottom - top),
    ticks: [0, end / 2, end].map((value) => ({ value, label: value.toLocaleString('en') })),
  };
}

const DECADES = [
  { value: 1, label: '1 ms' },
  { value: 10, label: '10 ms' },
  { value: 100, label: '100 ms' },
  { value: 1000, label: '1 s' },
  { value: 10_000, label: '10 s' },
];

/** A scale for latencies of a millisecond to ten seconds, in equal steps for equal ratios. @param {number} top @param {number} bottom */
export function latencyScale(top, bottom) {
  const y = (ms) => bottom - (Math.log10(Math.min(10_000, Math.max(1, ms))) / 4) * (bottom - top);
  return { y, ticks: DECADES };
}

function roundUp(value) {
  const step = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 4, 5, 8, 10].find((each) => each * step >= value) ?? 10;
  return factor * step;
}
