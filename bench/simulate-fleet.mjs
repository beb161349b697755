// Sends 10,000 simulated instances through rotations and outages, with this library's own code and with the constants
// of the official plugin. `npm run simulate:fleet -- emergency day` runs only the scenarios named.
import { parseArgs } from 'node:util';

import { ManagedInstance } from './fleet/managed-instance.mjs';
import { plotEmergency } from './fleet/plot.mjs';
import { PluginInstance } from './fleet/plugin-instance.mjs';
import { FLEET_COLUMNS, fleetRows } from './fleet/rows.mjs';
import { SCENARIOS } from './fleet/scenarios.mjs';
import { simulate } from './fleet/simulate.mjs';
import { readResults, writeResults, writeText } from './support/results.mjs';

const DEFAULTS = { instances: '10000', limit: '1000', seed: '1' };
/** The scenario stands above its table. */
const COLUMNS = FLEET_COLUMNS.slice(1);
const POLICIES = { managed: ManagedInstance, plugin: PluginInstance };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    instances: { type: 'string', default: DEFAULTS.instances },
    limit: { type: 'string', default: DEFAULTS.limit },
    seed: { type: 'string', default: DEFAULTS.seed },
    json: { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((name) => !(name in SCENARIOS));
if (unknown.length > 0) {
  console.error(`No such scenario: ${unknown.join(', ')}. There are: ${Object.keys(SCENARIOS).join(', ')}.`);
  process.exit(2);
}
const size = {
  instances: Number(values.instances),
  requestsPerSecond: Number(values.limit),
  seed: Number(values.seed),
};
const isDefaultSize = Object.entries(DEFAULTS).every(([name, value]) => values[name] === value);

// Errors are as frequent here as answers, and nobody reads where they were made.
Error.stackTraceLimit = 0;

const figures = {};
let plot;
for (const name of positionals.length > 0 ? positionals : Object.keys(SCENARIOS)) {
  const outcomes = {};
  for (const [policy, Instance] of Object.entries(POLICIES)) {
    outcomes[policy] = await simulate(Instance, SCENARIOS[name], size);
  }
  if (name === 'emergency') plot = plotEmergency(outcomes, size);
  figures[name] = Object.fromEntries(
    Object.entries(outcomes).map(([policy, outcome]) => [policy, { ...outcome, curves: undefined }]),
  );
  if (values.json) continue;
  console.log(`\n${SCENARIOS[name].title}. ${SCENARIOS[name].description}`);
  console.table(fleetRows({ [name]: figures[name] }), COLUMNS);
}

if (values.json) console.log(JSON.stringify(figures, undefined, 2));
if (isDefaultSize) {
  writeResults('fleet', { ...size, scenarios: { ...readResults('fleet')?.scenarios, ...figures } });
  if (plot !== undefined) writeText('fleet.svg', plot);
  // Only now, because it loads every benchmark with its SDKs.
  const { updatePage } = await import('./support/page.mjs');
  await updatePage();
}
