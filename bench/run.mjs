// Runs the benchmarks, prints them as a table, and keeps the figures in bench/results.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

import { measureOverhead, ROUNDS } from './overhead.mjs';

const results = {
  node: process.version,
  cpu: `${cpus().length} x ${cpus()[0]?.model.trim()}`,
  overhead: await measureOverhead(),
};

console.log(`Node ${results.node}, ${results.cpu}\n`);
console.log(
  `Time of a call, managed client against the bare client of the SDK (median and quartiles of ${ROUNDS} rounds)`,
);
console.table(
  results.overhead.map(({ operation, bareMicros, ratio, ratioQuartiles }) => ({
    operation,
    'bare, µs': bareMicros.toFixed(0),
    ratio: ratio.toFixed(3),
    quartiles: ratioQuartiles.map((value) => value.toFixed(3)).join(' to '),
  })),
);

const folder = new URL('results/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('latest.json', folder), `${JSON.stringify(results, undefined, 2)}\n`);
