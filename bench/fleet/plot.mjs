import { lineChart } from './line-chart.mjs';

const WIDTH = 960;
const HEIGHT = 372;
const CHARTS_TOP = 84;

const STYLE = `
  svg { font-family: system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif; }
  .background { fill: #ffffff; stroke: #d1d9e0; }
  text { fill: #1f2328; font-size: 12px; }
  .heading { font-size: 16px; font-weight: 600; }
  .title { font-size: 13px; font-weight: 600; }
  .tick, .note { fill: #59636e; }
  .axis { stroke: #818b98; }
  .grid { stroke: #818b98; stroke-opacity: 0.25; }
  .line { fill: none; stroke-width: 2.2; stroke-linejoin: round; }
  .ours { stroke: #0969da; }
  .plugin { stroke: #bc4c00; }
  .limit { stroke: #59636e; stroke-width: 1.4; stroke-dasharray: 4 3; }
  @media (prefers-color-scheme: dark) {
    .background { fill: #0d1117; stroke: #3d444d; }
    text { fill: #f0f6fc; }
    .tick, .note { fill: #9198a1; }
    .axis, .grid { stroke: #9198a1; }
    .ours { stroke: #4493f8; }
    .plugin { stroke: #f0883e; }
    .limit { stroke: #9198a1; }
  }`;

/**
 * Draws what an emergency rotation does to a fleet, as an SVG that stands alone.
 *
 * @param figures of both policies, `managed` and `plugin`
 * @param size `{ instances, requestsPerSecond }`
 */
export function plotEmergency({ managed, plugin }, { instances, requestsPerSecond }) {
  const seconds = Math.ceil(Math.max(managed.lastOnNewKeyMs, plugin.lastOnNewKeyMs) / 10_000) * 10;
  const limitSeconds = instances / requestsPerSecond;
  const x = { label: 'seconds since the rotation', max: seconds, ticks: ticksUpTo(seconds) };
  const lines = (curve, pointsOf) => [
    { className: 'plugin', points: pointsOf(plugin.curves[curve], seconds) },
    { className: 'ours', points: pointsOf(managed.curves[curve], seconds) },
  ];
  const peak = Math.max(managed.peakRequestsPerSecond, plugin.peakRequestsPerSecond);
  const charts = [
    {
      title: 'Instances on the new key',
      x,
      y: axisUpTo(instances),
      lines: [
        ...lines('onNewKey', cumulative),
        limit([
          [0, 0],
          [limitSeconds, instances],
        ]),
      ],
    },
    {
      title: 'Requests to KMS per second',
      x,
      y: axisUpTo(peak),
      lines: [
        ...lines('requestsPerSecond', stepped),
        limit([
          [0, requestsPerSecond],
          [seconds, requestsPerSecond],
        ]),
      ],
    },
    {
      title: 'Calls that have failed',
      x,
      y: axisUpTo(Math.max(managed.failedCalls, plugin.failedCalls)),
      lines: lines('failedCalls', cumulative),
    },
  ];
  const width = (WIDTH - 24) / charts.length;
  const heading = `An emergency rotation seen by ${number(instances)} instances at once, simulated`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="heading summary">
<title id="heading">${heading}</title>
<desc id="summary">With this library the last instance is on the new key after ${inSeconds(managed)} and ${number(managed.failedCalls)} calls fail; with the official plugin after ${inSeconds(plugin)}, and ${number(plugin.failedCalls)} calls fail.</desc>
<style>${STYLE}
</style>
<rect class="background" x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="6"/>
<text class="heading" x="24" y="31">${heading}</text>
${legend(24, 56, [
  ['ours', `this library: ${inSeconds(managed)}, ${number(managed.failedCalls)} failed calls`],
  ['plugin', `official plugin: ${inSeconds(plugin)}, ${number(plugin.failedCalls)} failed calls`],
  ['limit', `limit of KMS: ${number(requestsPerSecond)} requests/s`],
])}
${charts.map((chart, index) => lineChart({ x: 12 + index * width, y: CHARTS_TOP, width, height: HEIGHT - CHARTS_TOP - 8 }, chart)).join('\n')}
</svg>
`;
}

function limit(points) {
  return { className: 'limit', points };
}

function number(value) {
  return value.toLocaleString('en-US');
}

function legend(x, y, entries) {
  let left = x;
  return entries
    .map(([className, text]) => {
      const entry = `<line class="line ${className}" x1="${left}" x2="${left + 22}" y1="${y - 4}" y2="${y - 4}"/><text x="${left + 28}" y="${y}">${text}</text>`;
      left += 28 + text.length * 6.3 + 22;
      return entry;
    })
    .join('\n');
}

/** A curve that is known at the end of each second, and stays where it ends. */
function cumulative(values, seconds) {
  const points = values.slice(0, seconds).map((value, second) => [second + 1, value]);
  return [[0, 0], ...points, [seconds, values.at(-1)]];
}

/** A curve that holds for each second as a whole, and is zero after its end. */
function stepped(values, seconds) {
  const points = values.slice(0, seconds).flatMap((value, second) => [
    [second, value],
    [second + 1, value],
  ]);
  return [...points, [points.length / 2, 0], [seconds, 0]];
}

function axisUpTo(value) {
  const step = niceStep(value / 5);
  const max = Math.max(step, Math.ceil(value / step) * step);
  return { max, ticks: Array.from({ length: Math.round(max / step) + 1 }, (_, index) => index * step) };
}

function ticksUpTo(value) {
  const step = niceStep(value / 5);
  return Array.from({ length: Math.floor(value / step) + 1 }, (_, index) => index * step);
}

function niceStep(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= value) ?? power;
}

function inSeconds({ lastOnNewKeyMs }) {
  return `${(lastOnNewKeyMs / 1000).toFixed(1)} s`;
}
