import { ATTRIBUTES, METRICS, type MetricDescription } from 'nestjs-aliyun-managed-credentials/opentelemetry';

import { isMeant, parseQuery, type PromQuery } from '../../support/prom-query.js';

/** What Prometheus appends to the name of a metric, by its kind. */
const SUFFIXES: Readonly<Record<MetricDescription['instrument'], string>> = {
  counter: '_total',
  histogram: '_bucket',
  gauge: '',
  upDownCounter: '',
};

/** The metrics by the name that a query asks for; a Collector adds the unit, the exporter in the process does not. */
const series = Object.values(METRICS).map((metric) => {
  const base = metric.name.replaceAll('.', '_');
  const suffix = SUFFIXES[metric.instrument];
  const names = metric.unit === 's' ? [`${base}${suffix}`, `${base}_seconds${suffix}`] : [`${base}${suffix}`];
  return { metric, names };
});

const labelOf = (attribute: string) => attribute.replaceAll('.', '_');

/** What the label of an attribute may say, where that is limited. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  [labelOf(ATTRIBUTES.state)]: ['fresh', 'stale', 'failing'],
  [labelOf(ATTRIBUTES.outcome)]: ['ok', 'error', 'aborted'],
};

/** The metric that a query asks for: in both forms of its name, and no other one. */
export function metricOf({ matchers }: PromQuery): MetricDescription | undefined {
  const byName = matchers.filter(({ label }) => label === '__name__');
  const asked = series.filter(({ names }) => names.some((name) => isMeant(byName, { __name__: name })));
  const [only] = asked;
  const isWhole = only?.names.every((name) => isMeant(byName, { __name__: name })) ?? false;
  return byName.length === 1 && asked.length === 1 && isWhole ? only?.metric : undefined;
}

/** What is wrong with a query: names and labels that are not there, or a function that does not fit the kind. */
export function problemsOf(text: string): string[] {
  const query = parseQuery(text);
  const metric = metricOf(query);
  if (metric === undefined) return [`not one metric in both forms of its name: ${text}`];
  const isHistogram = metric.instrument === 'histogram';
  const labels = new Set([...metric.attributes.map(labelOf), ...(isHistogram ? ['le'] : [])]);
  const used = [...query.grouping, ...query.matchers.map(({ label }) => label)];
  const isCounted = isHistogram || metric.instrument === 'counter';
  return [
    ...used
      .filter((label) => label !== '__name__' && !labels.has(label))
      .map((label) => `${metric.name} has no label ${label}`),
    ...query.matchers
      .filter(({ label, value }) => !(VALUES[label]?.includes(value) ?? true))
      .map(({ label, value }) => `${label} is never ${value}`),
    ...(isCounted === (query.rangeFunction !== undefined) ? [] : [`a ${metric.instrument} is not asked so`]),
    ...(isHistogram === (query.quantile !== undefined && query.grouping.includes('le'))
      ? []
      : [`only buckets have quantiles: ${text}`]),
  ];
}
