import type { Sample } from './prom-samples.js';

/** A condition on one label of a series; the name of the metric is the label `__name__`. */
export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~';
  readonly value: string;
}

/** A query of the one shape that the dashboard and the alerts need. */
export interface PromQuery {
  /** Of `histogram_quantile`. */
  readonly quantile: number | undefined;
  readonly aggregation: string;
  /** The labels that the result keeps. */
  readonly grouping: readonly string[];
  /** What is made of the range of each series. */
  readonly rangeFunction: string | undefined;
  readonly range: string | undefined;
  readonly matchers: readonly Matcher[];
  readonly comparison: { readonly operator: string; readonly threshold: number } | undefined;
}

const SELECTOR = String.raw`(?<name>\w+)?(?:\{(?<matchers>[^}]*)\})?`;
const RANGED = String.raw`(?:(?<rangeFunction>rate|increase)\((?=.*\[))?${SELECTOR}(?:\[(?<range>[^\]]+)\]\))?`;
const AGGREGATED = String.raw`(?<aggregation>sum|max|min)(?: by \((?<grouping>[\w, ]+)\) )?\(${RANGED}\)`;
const QUERY = new RegExp(
  String.raw`^(?:histogram_quantile\((?<quantile>[\d.]+), )?${AGGREGATED}\)?(?: (?<operator>==|[<>]) (?<threshold>-?\d+))?$`,
);

/** @throws Error for a query of another shape */
export function parseQuery(text: string): PromQuery {
  const groups = QUERY.exec(text.trim())?.groups;
  if (groups === undefined) throw new Error(`a query of a shape that is not known here: ${text}`);
  const { quantile, aggregation = '', grouping = '', rangeFunction, range, name, matchers = '' } = groups;
  const { operator, threshold } = groups;
  const isBalanced = text.split('(').length === text.split(')').length;
  if (!isBalanced || (rangeFunction === undefined) !== (range === undefined)) {
    throw new Error(`parentheses do not match: ${text}`);
  }
  return {
    quantile: quantile === undefined ? undefined : Number(quantile),
    aggregation,
    grouping: grouping === '' ? [] : grouping.split(', '),
    rangeFunction,
    range,
    matchers: [
      ...(name === undefined ? [] : [{ label: '__name__', operator: '=', value: name } as const]),
      ...(matchers === '' ? [] : matchers.split(',').map(matcherOf)),
    ],
    comparison: operator === undefined ? undefined : { operator, threshold: Number(threshold) },
  };
}

function matcherOf(text: string): Matcher {
  const [, label = '', operator, value = ''] = /^(\w+)(=|!=|=~)"([^"]*)"$/.exec(text) ?? [];
  if (operator !== '=' && operator !== '!=' && operator !== '=~') throw new Error(`no matcher: ${text}`);
  return { label, operator, value };
}

/** Whether a series is meant. Patterns must fit the whole value; a label that is not there is empty. */
export function isMeant(matchers: readonly Matcher[], labels: Sample['labels']): boolean {
  return matchers.every(({ label, operator, value }) => {
    const actual = labels[label] ?? '';
    if (operator === '=~') return new RegExp(`^(?:${value})$`).test(actual);
    return (actual === value) === (operator === '=');
  });
}

/**
 * The answer to a query without a quantile. As in Prometheus, a series that was not there before has no increase.
 *
 * @param before the samples at the beginning of a range
 */
export function evaluate(query: PromQuery, now: readonly Sample[], before: readonly Sample[]): Sample[] {
  const groups = new Map<string, { labels: Sample['labels']; values: number[] }>();
  for (const sample of now.filter(({ labels }) => isMeant(query.matchers, labels))) {
    const value = query.rangeFunction === undefined ? sample.value : increaseOf(sample, before);
    if (value === undefined) continue;
    const labels = Object.fromEntries(query.grouping.map((label) => [label, sample.labels[label] ?? '']));
    const key = JSON.stringify(labels);
    groups.set(key, { labels, values: [...(groups.get(key)?.values ?? []), value] });
  }
  return [...groups.values()]
    .map(({ labels, values }) => ({ labels, value: aggregated(query.aggregation, values) }))
    .filter(({ value }) => holds(value, query.comparison));
}

function increaseOf({ labels, value }: Sample, before: readonly Sample[]): number | undefined {
  const matchers = Object.entries(labels).map(
    ([label, text]) => ({ label, operator: '=', value: text }) as const,
  );
  const first = before.find((sample) => isMeant(matchers, sample.labels));
  return first === undefined ? undefined : value - first.value;
}

function aggregated(aggregation: string, values: readonly number[]): number {
  if (aggregation === 'max') return Math.max(...values);
  if (aggregation === 'min') return Math.min(...values);
  return values.reduce((sum, value) => sum + value, 0);
}

function holds(value: number, comparison: PromQuery['comparison']): boolean {
  if (comparison === undefined) return true;
  const { operator, threshold } = comparison;
  if (operator === '==') return value === threshold;
  return operator === '<' ? value < threshold : value > threshold;
}
