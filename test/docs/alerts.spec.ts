import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { ALERTS_FILE, readRules, type AlertRule } from '../support/alert-rules.js';
import { parseQuery } from '../support/prom-query.js';
import { readPage, ROOT } from './support/markdown.js';
import { problemsOf } from './support/prometheus-series.js';

const { groups } = readRules();
const rules = groups.flatMap((group) => group.rules);

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** @throws Error for what is no duration of Prometheus */
function secondsOf(duration: string): number {
  const [, count, unit = ''] = /^(\d+)([smh])$/.exec(duration) ?? [];
  if (count === undefined) throw new Error(`no duration: ${duration}`);
  return Number(count) * (SECONDS[unit] ?? 0);
}

/** The times that an alert may speak of, in seconds: those it is made of. */
function timesOf({ expr, for: holds }: AlertRule): number[] {
  const { comparison, range } = parseQuery(expr);
  return [
    Math.abs(comparison?.threshold ?? 0),
    secondsOf(holds),
    ...(range === undefined ? [] : [secondsOf(range)]),
  ];
}

/** The text of the section of a page that an anchor leads to; undefined when there is none. */
function sectionOf(path: string, anchor: string): string | undefined {
  const parts = readFileSync(join(ROOT, path), 'utf8').split(/^(?=#+ )/m);
  const anchors = [...readPage(path).anchors];
  const headings = parts.filter((part) => part.startsWith('#'));
  return headings.length === anchors.length ? headings[anchors.indexOf(anchor)] : undefined;
}

describe('the alerts', () => {
  it('are one group of rules with names of their own', () => {
    expect(groups.map(({ name }) => name)).toEqual(['managed-credentials']);
    const names = rules.map(({ alert }) => alert);
    expect(names.length).toBeGreaterThan(3);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^ManagedCredentials[A-Z]\w+$/.test(name))).toEqual([]);
  });

  it('get a whole address by the command of the page', () => {
    const { blocks } = readPage('docs/observability.md');
    const [command = ''] = blocks.filter(({ language }) => language === 'sh').map((block) => block.code);
    const [withoutFile = ''] = command.split(' > ');
    const changed = execFileSync('sh', ['-c', withoutFile], { cwd: dirname(ALERTS_FILE), encoding: 'utf8' });
    const [group] = readRules(changed).groups;
    expect(group?.rules.map(({ annotations }) => annotations['runbook_url'])).toEqual(
      rules.map(
        ({ annotations }) =>
          `https://wiki.example.com/managed-credentials/${annotations['runbook_url'] ?? ''}`,
      ),
    );
  });
});

describe.each(rules.map((rule) => [rule.alert, rule] as const))('the alert %s', (alert, rule) => {
  it('has the keys that Prometheus and its users look for, and no others', () => {
    expect(Object.keys(rule)).toEqual(['alert', 'expr', 'for', 'labels', 'annotations']);
    expect(Object.keys(rule.annotations)).toEqual(['summary', 'description', 'runbook_url']);
    expect(['critical', 'warning']).toContain(rule.labels['severity']);
    expect(Object.keys(rule.labels)).toEqual(['severity']);
  });

  it('asks for a metric and labels that there are, and compares the answer', () => {
    expect(problemsOf(rule.expr)).toEqual([]);
    const { comparison, grouping } = parseQuery(rule.expr);
    expect(comparison).toBeDefined();
    expect(grouping).toEqual(['managed_credentials_secret_name']);
  });

  it('speaks of the secret, of nothing that the answer does not hold, and of its own times only', () => {
    const { summary = '', description = '' } = rule.annotations;
    const insets = [...`${summary} ${description}`.matchAll(/\{\{ (.*?) \}\}/g)].map(([, inset]) => inset);
    const known = ['$labels.managed_credentials_secret_name', '$value | humanizeDuration'];
    expect(insets.filter((inset) => !known.includes(inset ?? ''))).toEqual([]);
    expect(summary).toContain(`{{ ${known[0] ?? ''} }}`);
    // Only of seconds can a duration be made.
    expect(summary.includes('humanizeDuration') && !rule.expr.includes('_seconds')).toBe(false);
    const told = [...`${summary} ${description}`.matchAll(/(\d+) minutes/g)].map(
      ([, minutes]) => Number(minutes) * 60,
    );
    expect(told.filter((seconds) => !timesOf(rule).includes(seconds))).toEqual([]);
  });

  it('leads to the section of the runbook that is about it', () => {
    const [, path = '', anchor = ''] =
      /^(docs\/[\w./-]+\.md)#([\w-]+)$/.exec(rule.annotations['runbook_url'] ?? '') ?? [];
    expect(path).toBe('docs/operations.md');
    expect(sectionOf(path, anchor)).toContain(`Alert: \`${alert}\`.`);
  });
});
