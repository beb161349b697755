// Runs the benchmarks, or those that are named, prints them as tables, and keeps the figures.
// `npm run bench -- overhead storm` runs two; `--tiny` runs all at a size that measures nothing, to see that they work.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';

import { BENCHMARKS } from './support/benchmarks.mjs';
import { updatePage } from './support/page.mjs';
import { readResults, writeResults } from './support/results.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tiny: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !(name in BENCHMARKS));
if (unknown.length > 0) {
  console.error(
    `No such benchmark: ${unknown.join(', ')}. There are: ${Object.keys(BENCHMARKS).join(', ')}.`,
  );
  process.exit(2);
}

const machine = { node: process.version, cpu: `${cpus().length} x ${cpus()[0]?.model.trim()}` };
console.log(`Node ${machine.node}, ${machine.cpu}`);
for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHMARKS)) {
  const { title, about, measure, rows } = BENCHMARKS[name];
  console.log(`\n${title}\n${about}`);
  const results = await measure(values.tiny ? 'tiny' : 'full');
  console.table(rows(results));
  if (values.tiny) continue;
  writeResults('latest', { ...readResults('latest'), [name]: { ...machine, results } });
}
if (!values.tiny) await updatePage();
