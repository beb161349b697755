import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { PROPERTY_RUNS } from '../support/property-runs.js';
import { scenario } from './race-scenario.js';
import { holdRules } from './race-rules.js';
import { Race } from './race.js';

/** Explores orders of events until a rule is broken; the error then has the seed, the scenario and what happened. */
async function explore(rules: (race: Race) => Promise<void>): Promise<void> {
  const exploration = fc.asyncProperty(fc.scheduler(), scenario, async (schedule, plan) => {
    const race = new Race(schedule, plan);
    try {
      await race.run();
      await rules(race);
    } catch (error) {
      throw new Error(`${String(error)}\n${race.trace}`, { cause: error });
    }
  });
  await fc.assert(exploration, { numRuns: PROPERTY_RUNS, includeErrorInReport: true });
}

describe('calls, expiry, scheduled refreshes, KMS lag, failures and close in any order', () => {
  it('fetch once at a time, tear no pair, lose no call, send none too often, and leave nothing behind', async () => {
    await expect(explore(holdRules)).resolves.toBeUndefined();
  }, 600_000);

  it('tell by a seed and a trace what has happened, were a rule broken', async () => {
    const noRetries = async ({ calls }: Race) => {
      if (calls.some(({ sendings }) => sendings.length > 1)) throw new Error('a call was sent again');
    };
    await expect(explore(noRetries)).rejects.toThrow(
      /seed: -?\d+.*a call was sent again.*\d ms {2}call \d+ reaches the cloud with v\d.*\d ms {2}call \d+ got \S+ for v\d/s,
    );
  });
});
