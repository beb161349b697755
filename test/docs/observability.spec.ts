import { describe, expect, it } from '@jest/globals';
import type { ManagedCredentialsEvent } from 'nestjs-aliyun-managed-credentials';
import { METRICS, SPANS } from 'nestjs-aliyun-managed-credentials/opentelemetry';

import { readPage } from './support/markdown.js';

const { prose } = readPage('docs/observability.md');

/** The cells of the table of a section, without its head; code spans are left as they are. */
function tableOf(section: string): readonly (readonly string[])[] {
  const text = prose.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
  const rows = text.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

const code = (text: string) => `\`${text}\``;
const inOrder = (rows: readonly (readonly string[])[]) =>
  rows.toSorted(([one = ''], [other = '']) => one.localeCompare(other));

/** Every type of event; the compiler sees to it that none is missing, and none too many. */
const EVENT_TYPES: Readonly<Record<ManagedCredentialsEvent['type'], true>> = {
  refreshed: true,
  rotated: true,
  refreshFailed: true,
  staleServed: true,
  recalled: true,
  recovered: true,
  keyExpired: true,
  keyNotReplaced: true,
  keyAccepted: true,
  kmsRequest: true,
  callRetried: true,
  handlerFailed: true,
  closed: true,
};

describe('the page on observability', () => {
  it('tells of each metric its kind, unit, meaning and attributes as they are, and of no other', () => {
    const kinds = {
      counter: 'counter',
      histogram: 'histogram',
      gauge: 'gauge',
      upDownCounter: 'up-down counter',
    };
    const rows = Object.values(METRICS).map(({ name, instrument, unit, description, attributes }) => [
      code(name),
      kinds[instrument],
      code(unit),
      description,
      attributes.map(code).join(', '),
    ]);
    expect(inOrder(tableOf('Metrics'))).toEqual(inOrder(rows));
  });

  it('has a row for each span, and for nothing else', () => {
    const named = tableOf('Spans').map(([name, kind]) => [name, kind]);
    // Of these kinds by the test of the spans.
    expect(named).toEqual([
      [code(SPANS.refresh), 'internal'],
      [code(SPANS.kmsRequest), 'client'],
    ]);
    expect(Object.keys(SPANS)).toHaveLength(2);
  });

  it('has a row for each type of event, and for nothing else', () => {
    const named = tableOf('Events').map(([name = '']) => name);
    expect(named.toSorted()).toEqual(Object.keys(EVENT_TYPES).map(code).toSorted());
  });

  it('names what a health check may add', () => {
    const answers = tableOf('Health').map(([answer]) => answer);
    expect(answers.filter((answer) => answer !== '')).toEqual([
      'up',
      'up with a `note`',
      'up with a `warning`',
      'down with an `error`',
    ]);
  });
});
