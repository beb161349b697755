import { CHARTS, describePoint } from './charts.js';
import { show } from './format.js';
import { timeScale, WINDOW_S } from './scales.js';
import { svg } from './svg.js';

const RIGHT_MARGIN = 10;
const TOP_MARGIN = 8;
const BOTTOM_MARGIN = 6;
const AXIS_HEIGHT = 18;
const STEP_S = 0.5;
/** The room for the names of secrets and the labels of scales. */
const LEFT_MARGIN = 84;

/** Draws all charts below each other, on one axis of time, with one line to read them by. */
export class Timeline {
  #root;
  #svgs;
  #state = { points: [], marks: [], secretNames: [] };
  /** How many seconds before now the charts are read. */
  #cursorAgo;

  constructor(root) {
    this.#root = root;
    this.#svgs = CHARTS.map((chart) => this.#figure(chart));
    new ResizeObserver(() => this.draw(this.#state)).observe(root);
    root.addEventListener('pointermove', (event) => this.#readAt(event));
    root.addEventListener('pointerleave', () => this.#read(undefined));
    root.addEventListener('keydown', (event) => this.#onKey(event));
    root.addEventListener('blur', () => this.#read(undefined));
  }

  /** Draws what there is. */
  draw(state) {
    this.#state = state;
    const width = this.#root.clientWidth;
    if (width === 0) return;
    const now = state.points.at(-1)?.at ?? 0;
    const [left, right] = [LEFT_MARGIN, width - RIGHT_MARGIN];
    const x = timeScale(now, left, right);
    const isSeen = ({ at }) => at >= now - WINDOW_S;
    const frame = {
      ...state,
      points: state.points.filter(isSeen),
      marks: state.marks.filter(isSeen),
      x,
      left,
      right,
    };
    for (const [index, chart] of CHARTS.entries()) {
      const isLast = index === CHARTS.length - 1;
      this.#drawChart(chart, this.#svgs[index], frame, width, isLast);
    }
    this.#tell(frame.points, now);
  }

  #drawChart(chart, element, frame, width, isLast) {
    const inner = chart.height(frame);
    const hasScale = chart.series.length > 0;
    const [top, bottom] = hasScale ? [TOP_MARGIN, inner - BOTTOM_MARGIN] : [0, inner];
    const height = inner + (isLast ? AXIS_HEIGHT : 0);
    element.setAttribute('viewBox', `0 0 ${width} ${height}`);
    element.setAttribute('height', String(height));
    const last = frame.points.at(-1);
    element.setAttribute('aria-label', `${chart.title}${last ? `; now ${describePoint(last)}` : ''}`);
    const within = { ...frame, top, bottom };
    element.replaceChildren(
      ...outages(within),
      ...(hasScale ? lines(within) : []),
      ...chart.draw(within),
      ...this.#cursor(within),
      ...(isLast ? axis(within, inner + AXIS_HEIGHT - 5) : []),
    );
  }

  #cursor({ left, right, top, bottom }) {
    if (this.#cursorAgo === undefined) return [];
    const x = right - (this.#cursorAgo / WINDOW_S) * (right - left);
    return [svg('line', { class: 'cursor', x1: x, x2: x, y1: top, y2: bottom })];
  }

  #tell(points, now) {
    const at = now - (this.#cursorAgo ?? 0);
    const point = points.find((each) => each.at >= at - STEP_S / 2) ?? points.at(-1);
    if (point === undefined) return;
    const when = this.#cursorAgo === undefined ? 'now' : `${this.#cursorAgo.toFixed(1)} s ago`;
    show('readout', `${when}: ${describePoint(point)}`);
  }

  #readAt({ clientX }) {
    const { left, width } = this.#root.getBoundingClientRect();
    const share = (clientX - left - LEFT_MARGIN) / (width - LEFT_MARGIN - RIGHT_MARGIN);
    this.#read((1 - share) * WINDOW_S);
  }

  #read(ago) {
    this.#cursorAgo = ago === undefined ? undefined : Math.min(WINDOW_S, Math.max(0, ago));
    this.draw(this.#state);
  }

  #onKey(event) {
    const ago = this.#cursorAgo ?? 0;
    const moved = { ArrowLeft: ago + STEP_S, ArrowRight: ago - STEP_S, Home: WINDOW_S, End: 0 }[event.key];
    if (moved !== undefined) event.preventDefault();
    if (moved !== undefined || event.key === 'Escape') this.#read(moved);
  }

  #figure({ title, series }) {
    const figure = document.createElement('figure');
    const caption = document.createElement('figcaption');
    const strong = document.createElement('strong');
    strong.textContent = title;
    caption.append(strong);
    for (const { color, name } of series) {
      const label = document.createElement('span');
      label.className = color;
      label.textContent = name;
      caption.append(label);
    }
    const element = svg('svg', { role: 'img' });
    figure.append(caption, element);
    this.#root.append(figure);
    return element;
  }
}

/** The times in which KMS was broken. */
function outages({ points, x, top, bottom, left, right }) {
  const spans = [];
  for (const [index, { at, isKmsBroken }] of points.entries()) {
    if (!isKmsBroken) continue;
    if (points[index - 1]?.isKmsBroken) spans.at(-1).to = at;
    else spans.push({ from: at - STEP_S, to: at });
  }
  return spans.map(({ from, to }) => {
    const start = Math.max(left, x(from));
    const width = Math.max(0, Math.min(right, x(to)) - start);
    return svg('rect', { class: 'outage', x: start, y: top, width, height: bottom - top });
  });
}

function lines({ marks, x, top, bottom, left }) {
  return marks
    .filter(({ secretName, at }) => secretName !== undefined && x(at) >= left)
    .map(({ type, at }) => svg('line', { class: `line ${type}`, x1: x(at), x2: x(at), y1: top, y2: bottom }));
}

function axis({ left, right }, y) {
  const isNarrow = right - left < 420;
  const step = isNarrow ? 20 : 10;
  const labels = [];
  for (let ago = 0; ago <= WINDOW_S; ago += step) {
    const text = ago === 0 ? 'now' : ago === WINDOW_S ? `${ago} s ago` : `${ago} s`;
    const anchor = ago === 0 ? 'end' : 'middle';
    labels.push(
      svg('text', { x: right - (ago / WINDOW_S) * (right - left), y, 'text-anchor': anchor }, text),
    );
  }
  return labels;
}
