import { readFileSync, writeFileSync } from 'node:fs';

import { format, resolveConfig } from 'prettier';

import { fleetRows } from '../fleet/rows.mjs';
import { BENCHMARKS } from './benchmarks.mjs';
import { readResults } from './results.mjs';

const PAGE = new URL('../../docs/performance.md', import.meta.url);

/** Writes the kept results into the documentation, between the markers that name them. */
export async function updatePage() {
  let page = readFileSync(PAGE, 'utf8');
  const latest = readResults('latest') ?? {};
  for (const [name, { about, rows }] of Object.entries(BENCHMARKS)) {
    if (latest[name] === undefined) continue;
    const { node, cpu, results } = latest[name];
    page = fill(page, name, [about, table(rows(results)), `Node.js ${node}, ${cpu}.`]);
  }
  const fleet = readResults('fleet');
  if (fleet !== undefined) page = fill(page, 'fleet', [table(fleetRows(fleet.scenarios))]);
  writeFileSync(PAGE, await format(page, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
}

/** Replaces what stands between the markers of a name, where the page has them. */
function fill(page, name, paragraphs) {
  const [begin, end] = [`<!-- results of ${name} -->`, `<!-- end of ${name} -->`];
  const [before, rest] = page.split(begin, 2);
  const after = rest?.split(end, 2)[1];
  if (after === undefined) throw new Error(`docs/performance.md lacks the markers of ${name}`);
  return `${before}${begin}\n\n${paragraphs.join('\n\n')}\n\n${end}${after}`;
}

function table(rows) {
  const columns = Object.keys(rows[0]);
  return [
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((column) => row[column]))),
  ].join('\n');
}

function line(cells) {
  return `| ${cells.join(' | ')} |`;
}
