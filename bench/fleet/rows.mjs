import { SCENARIOS } from './scenarios.mjs';

const POLICY_NAMES = { managed: 'this library', plugin: 'official plugin' };

export const FLEET_COLUMNS = [
  'Scenario',
  'Instances',
  'Last on the new key after',
  'Peak KMS requests/s',
  'KMS requests',
  'Failed calls',
  'Longest call',
];

/** The table of a simulation: one row for each scenario and policy. */
export function fleetRows(figures) {
  return Object.entries(figures).flatMap(([name, byPolicy]) =>
    Object.entries(byPolicy).map(([policy, outcome]) => {
      const cells = [
        SCENARIOS[name].title,
        POLICY_NAMES[policy],
        duration(outcome.lastOnNewKeyMs),
        count(outcome.peakRequestsPerSecond),
        count(outcome.requests),
        `${count(outcome.failedCalls)} of ${count(outcome.calls)}`,
        duration(outcome.longestCallMs),
      ];
      return Object.fromEntries(FLEET_COLUMNS.map((column, index) => [column, cells[index]]));
    }),
  );
}

function count(value) {
  return value.toLocaleString('en-US');
}

function duration(ms) {
  if (ms === null) return 'never';
  if (ms < 1000) return `${ms.toFixed(0)} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}
