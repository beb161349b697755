import { count, latency } from './format.js';
import { latencyScale, linearScale } from './scales.js';
import { path, svg } from './svg.js';

const LANE_HEIGHT = 20;

/** The charts, from the top: what each is called, what it draws, and what it says of one point. */
export const CHARTS = [
  {
    title: 'Rotations',
    series: [],
    height: (frame) => Math.max(1, frame.secretNames.length) * LANE_HEIGHT,
    draw: drawLanes,
  },
  {
    title: 'Calls',
    series: [
      { color: 'blue', name: 'per second' },
      { color: 'red', name: 'failed' },
    ],
    height: () => 98,
    draw: drawCalls,
  },
  {
    title: 'Latency',
    series: [
      { color: 'teal', name: 'median' },
      { color: 'amber', name: 'p99' },
    ],
    height: () => 98,
    draw: drawLatency,
  },
  {
    title: 'KMS calls',
    series: [
      { color: 'violet', name: 'answered' },
      { color: 'red', name: 'failed' },
    ],
    height: () => 54,
    draw: drawKmsCalls,
  },
];

/** One point in words. */
export function describePoint(point) {
  const { callsPerSecond, failuresPerSecond, p50Ms, p99Ms, kmsCalls } = point;
  const latencies =
    p50Ms === undefined ? 'no call came back' : `median ${latency(p50Ms)}, p99 ${latency(p99Ms)}`;
  return `${count(callsPerSecond)} calls/s, ${count(failuresPerSecond)} failed/s, ${latencies}, ${kmsCalls} KMS call${kmsCalls === 1 ? '' : 's'}`;
}

function drawLanes({ x, left, right, marks, secretNames }) {
  return secretNames.flatMap((secretName, lane) => {
    const y = (lane + 0.5) * LANE_HEIGHT;
    const own = marks.filter((mark) => mark.secretName === secretName);
    return [
      svg('line', { class: 'rule', x1: left, x2: right, y1: y, y2: y }),
      ...own.filter(({ type }) => type === 'lag').map((mark) => tail(mark, x, right, y)),
      ...own.map((mark) => sign(mark.type, x(mark.at), y)),
      // On top, and on the card's color, for marks that leave on the left.
      svg('rect', { class: 'mask', x: 0, y: y - LANE_HEIGHT / 2, width: left, height: LANE_HEIGHT }),
      svg('text', { x: 0, y: y + 4 }, secretName),
    ];
  });
}

function sign(type, x, y) {
  if (type === 'revoked') {
    return svg('path', { class: type, d: `M${x - 4} ${y - 4}l8 8m0 -8l-8 8` });
  }
  return svg('path', { class: type, d: `M${x} ${y - 5}l5 5l-5 5l-5 -5z` });
}

function tail({ at, kmsLagMs = 0 }, x, right, y) {
  const width = Math.min(x(at + kmsLagMs / 1000), right) - x(at);
  return svg('rect', { class: 'tail', x: x(at), y: y - 2.5, width, height: 5 });
}

function drawCalls(frame) {
  const { points, x, top, bottom } = frame;
  const { y, ticks } = linearScale(
    maxOf(points, ({ callsPerSecond }) => callsPerSecond),
    top,
    bottom,
    100,
  );
  const line = points.map(({ at, callsPerSecond }) => [x(at), y(callsPerSecond)]);
  return [
    ...grid(ticks, y, frame),
    area('blue', line, bottom),
    svg('path', { class: 'series blue', d: path(line) }),
    bars('red', points, ({ failuresPerSecond }) => failuresPerSecond, y, frame),
  ];
}

function drawLatency(frame) {
  const { points, x, top, bottom } = frame;
  const { y, ticks } = latencyScale(top, bottom);
  const line = (name) =>
    points.map((point) => (point[name] === undefined ? undefined : [x(point.at), y(point[name])]));
  return [
    ...grid(ticks, y, frame),
    svg('path', { class: 'series teal', d: path(line('p50Ms')) }),
    svg('path', { class: 'series amber', d: path(line('p99Ms')) }),
  ];
}

function drawKmsCalls(frame) {
  const { points, top, bottom } = frame;
  const { y, ticks } = linearScale(
    maxOf(points, ({ kmsCalls }) => kmsCalls),
    top,
    bottom,
    2,
  );
  return [
    ...grid(ticks, y, frame),
    bars('violet', points, ({ kmsCalls }) => kmsCalls, y, frame),
    bars('red', points, ({ kmsFailures }) => kmsFailures, y, frame),
  ];
}

function maxOf(points, valueOf) {
  return points.reduce((max, point) => Math.max(max, valueOf(point)), 0);
}

function grid(ticks, y, { left, right }) {
  return ticks.flatMap(({ value, label }) => [
    svg('line', { class: 'grid', x1: left, x2: right, y1: y(value), y2: y(value) }),
    svg('text', { x: left - 6, y: y(value) + 4, 'text-anchor': 'end' }, label),
  ]);
}

function area(color, line, bottom) {
  const first = line.at(0);
  const last = line.at(-1);
  if (first === undefined || last === undefined) return svg('path');
  return svg('path', {
    class: `area ${color}`,
    d: `${path(line)}L${last[0]} ${bottom}L${first[0]} ${bottom}z`,
  });
}

function bars(color, points, valueOf, y, { x, bottom }) {
  const d = points
    .filter((point) => valueOf(point) > 0)
    .map((point) => {
      const end = Math.min(bottom - 2, y(valueOf(point)));
      return `M${(x(point.at) - 3).toFixed(1)} ${bottom}V${end.toFixed(1)}h3V${bottom}z`;
    });
  return svg('path', { class: `bars ${color}`, d: d.join('') });
}
