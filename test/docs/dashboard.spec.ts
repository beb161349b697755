import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { parseQuery } from '../support/prom-query.js';
import { ROOT } from './support/markdown.js';
import { metricOf, problemsOf } from './support/prometheus-series.js';

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly datasource: object;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: { readonly defaults: { readonly unit: string } };
  readonly targets: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat: string;
    readonly datasource: object;
  }[];
}

const dashboard = JSON.parse(
  readFileSync(join(ROOT, 'docs/observability/grafana-dashboard.json'), 'utf8'),
) as {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  readonly panels: readonly Panel[];
};
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** The squares of the grid that a panel takes. */
function squaresOf({ gridPos: { x, y, w, h } }: Panel): string[] {
  const columns = Array.from({ length: w }, (_, index) => x + index);
  return columns.flatMap((column) => Array.from({ length: h }, (_, index) => `${column},${y + index}`));
}

describe('the dashboard', () => {
  it('has what Grafana needs to import it', () => {
    expect(dashboard).toMatchObject({ uid: 'managed-credentials', schemaVersion: 39 });
    expect(dashboard.templating.list).toMatchObject([{ name: 'datasource', type: 'datasource' }]);
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const squares = dashboard.panels.flatMap(squaresOf);
    expect(new Set(squares).size).toBe(squares.length);
    expect(squares.every((square) => Number.parseInt(square, 10) < 24)).toBe(true);
  });

  it('finds what is wrong with a query', () => {
    const label = 'managed_credentials_secret_name';
    const wrong = [
      'sum(rate(managed_credentials_no_such_total[5m]))',
      'sum(managed_credentials_refreshes_total)',
      'max(increase({__name__=~"managed_credentials_secret_stale_time(_seconds)?"}[5m]))',
      'max({__name__=~"managed_credentials_secret_stale_time"})',
      'max({__name__=~"managed_credentials_secret_.*"})',
      `max by (${label}, cloud_region) (managed_credentials_secret_status)`,
      `max by (${label}) (managed_credentials_secret_status{managed_credentials_secret_state="broken"})`,
      'sum(rate({__name__=~"managed_credentials_kms_request_duration(_seconds)?_bucket"}[5m]))',
    ];
    expect(wrong.map((query) => problemsOf(query).length)).toEqual(wrong.map(() => 1));
    expect(() => parseQuery('sum(rate(managed_credentials_refreshes_total[5m])')).toThrow('not known here');
    expect(() => parseQuery('sum(managed_credentials_expired_key_waiters))')).toThrow('do not match');
  });
});

describe.each(dashboard.panels.map((panel) => [panel.title, panel] as const))(
  'the panel "%s"',
  (_, panel) => {
    const queries = panel.targets.map(({ expr }) => parseQuery(expr));

    it('asks for metrics and labels that there are, as their kinds are asked', () => {
      expect(panel.targets.flatMap(({ expr }) => problemsOf(expr))).toEqual([]);
      expect(panel.targets.length).toBeGreaterThan(0);
    });

    it('shows values in their unit', () => {
      const isInSeconds = queries.map((query) => metricOf(query)?.unit === 's');
      const { unit } = panel.fieldConfig.defaults;
      expect(isInSeconds).toEqual(queries.map(() => unit === 's'));
      expect(['s', 'short']).toContain(unit);
    });

    it('names its lines by labels that they have', () => {
      const unknown = panel.targets.flatMap(({ legendFormat }, index) =>
        [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].filter(
          ([, label = '']) => !(queries[index]?.grouping ?? []).includes(label),
        ),
      );
      expect(unknown).toEqual([]);
      expect(panel.targets.every(({ legendFormat }) => legendFormat !== '')).toBe(true);
      expect(panel.description).not.toBe('');
    });

    it('asks the Prometheus that was chosen', () => {
      expect([panel.datasource, ...panel.targets.map(({ datasource }) => datasource)]).toEqual(
        [panel, ...panel.targets].map(() => DATASOURCE),
      );
      expect(panel.targets.map(({ refId }) => refId)).toEqual(
        panel.targets.map((_target, index) => 'AB'[index]),
      );
    });
  },
);
