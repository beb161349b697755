const MARGIN = { top: 34, right: 14, bottom: 44, left: 52 };

/**
 * One chart of lines over a linear axis each, as an SVG group.
 *
 * @param place x, y, width and height of the whole, axes included
 * @param chart `title`; `x` and `y`: `{ label, max, ticks }`; `lines`: `{ className, points }`, points as [x, y]
 */
export function lineChart(place, { title, x, y, lines }) {
  const left = place.x + MARGIN.left;
  const top = place.y + MARGIN.top;
  const width = place.width - MARGIN.left - MARGIN.right;
  const height = place.height - MARGIN.top - MARGIN.bottom;
  const toX = (value) => round(left + (Math.min(value, x.max) / x.max) * width);
  const toY = (value) => round(top + height - (Math.min(value, y.max) / y.max) * height);
  const bottom = top + height;

  const grid = y.ticks.map(
    (tick) =>
      `<line class="grid" x1="${left}" x2="${left + width}" y1="${toY(tick)}" y2="${toY(tick)}"/>` +
      `<text class="tick" x="${left - 6}" y="${toY(tick) + 4}" text-anchor="end">${tick.toLocaleString('en-US')}</text>`,
  );
  const ticks = x.ticks.map(
    (tick) =>
      `<line class="axis" x1="${toX(tick)}" x2="${toX(tick)}" y1="${bottom}" y2="${bottom + 4}"/>` +
      `<text class="tick" x="${toX(tick)}" y="${bottom + 17}" text-anchor="middle">${tick}</text>`,
  );
  const paths = lines.map(({ className, points }) => {
    const path = points.map(([px, py], index) => `${index === 0 ? 'M' : 'L'}${toX(px)} ${toY(py)}`).join('');
    return `<path class="line ${className}" d="${path}"/>`;
  });
  return [
    '<g>',
    `<text class="title" x="${left}" y="${place.y + 16}">${title}</text>`,
    ...grid,
    `<line class="axis" x1="${left}" x2="${left + width}" y1="${bottom}" y2="${bottom}"/>`,
    ...ticks,
    `<text class="tick" x="${left + width / 2}" y="${bottom + 35}" text-anchor="middle">${x.label}</text>`,
    ...paths,
    '</g>',
  ].join('\n');
}

function round(value) {
  return Math.round(value * 10) / 10;
}
