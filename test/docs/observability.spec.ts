import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { ATTRIBUTES, METRICS, SPANS } from 'nestjs-aliyun-managed-credentials/opentelemetry';

import { readPage, ROOT } from './support/markdown.js';

const read = (name: string) => readFileSync(join(ROOT, 'docs/observability', name), 'utf8');
const { prose } = readPage('docs/observability.md');
const rows = [...prose.matchAll(/^\| `([^`]+)`\s*\|(.*)\|$/gm)].map(([, name = '', rest = '']) => ({
  name,
  rest,
}));

/** What Prometheus calls a metric, with and without the unit that a Collector adds. */
const prometheusNames = Object.values(METRICS).flatMap(({ name, instrument, unit }) => {
  const base = name.replaceAll('.', '_');
  const suffixes = {
    counter: ['_total'],
    histogram: ['_bucket', '_count', '_sum'],
    gauge: [''],
    upDownCounter: [''],
  };
  const units = unit === 's' ? ['', '_seconds'] : [''];
  return units.flatMap((unitSuffix) => suffixes[instrument].map((suffix) => `${base}${unitSuffix}${suffix}`));
});
const labels = new Set(Object.values(ATTRIBUTES).map((name) => name.replaceAll('.', '_')));

/** The names in a query that no metric or attribute has; a pattern stands for all that it fits. */
function unknownIn(query: string): string[] {
  const patterns = [...query.matchAll(/__name__=~"([^"]+)"/g)].map(([, pattern = '']) => pattern);
  const plain =
    query.replaceAll(/__name__=~"[^"]+"/g, '').match(/\b(?:managed_credentials|cloud)_\w+/g) ?? [];
  return [
    ...patterns.filter((pattern) => !prometheusNames.some((name) => new RegExp(`^${pattern}$`).test(name))),
    ...plain.filter((name) => !prometheusNames.includes(name) && !labels.has(name)),
  ];
}

describe('the page on observability', () => {
  it('has a row for each metric, with its unit and attributes', () => {
    for (const { name, unit, attributes } of Object.values(METRICS)) {
      const row = rows.find((candidate) => candidate.name === name);
      expect([name, row?.rest.includes(`\`${unit}\``)]).toEqual([name, true]);
      expect([...(row?.rest.matchAll(/`([\w.]+)`/g) ?? [])].map(([, text]) => text)).toEqual(
        expect.arrayContaining([...attributes]),
      );
    }
  });

  it('has a row for each span and each type of event, and for nothing else', () => {
    const source = readFileSync(join(ROOT, 'lib/core/events.ts'), 'utf8');
    const events = [...source.matchAll(/(?:SecretEvent<|readonly type: )'(\w+)'/g)].map(
      ([, type = '']) => type,
    );
    expect(events.length).toBeGreaterThan(10);
    const known = [...Object.values(METRICS).map(({ name }) => name), ...Object.values(SPANS), ...events];
    const named = rows.map(({ name }) => name).filter((name) => name !== 'type');
    expect(named.toSorted()).toEqual(known.toSorted());
  });
});

describe('the dashboard', () => {
  const dashboard = JSON.parse(read('grafana-dashboard.json')) as {
    readonly uid: string;
    readonly schemaVersion: number;
    readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
    readonly panels: readonly {
      readonly title: string;
      readonly targets: readonly { readonly expr: string }[];
    }[];
  };

  it('has what Grafana needs to import it', () => {
    expect(dashboard).toMatchObject({ uid: 'managed-credentials', schemaVersion: 39 });
    expect(dashboard.templating.list).toMatchObject([{ name: 'datasource', type: 'datasource' }]);
    expect(dashboard.panels.length).toBeGreaterThan(5);
    expect(dashboard.panels.every(({ targets }) => targets.length > 0)).toBe(true);
  });

  it('asks for metrics and labels that there are', () => {
    const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(queries.flatMap(unknownIn)).toEqual([]);
    expect(unknownIn('rate(managed_credentials_no_such_total[5m])')).toHaveLength(1);
  });
});

describe('the alerts', () => {
  const expressions = [...read('alerts.yml').matchAll(/expr: >-\n((?: {10,}.*\n)+)/g)].map(
    ([, text = '']) => text,
  );

  it('ask for metrics and labels that there are', () => {
    expect(expressions.length).toBeGreaterThan(3);
    expect(expressions.flatMap(unknownIn)).toEqual([]);
  });
});
