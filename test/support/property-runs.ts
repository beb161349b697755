import fc from 'fast-check';

import { LONG_TESTS } from './long-tests.js';

/** How many examples each property is tried with. */
export const PROPERTY_RUNS = Number(process.env['PROPERTY_RUNS'] ?? (LONG_TESTS ? 10_000 : 500));

/** Checks a synchronous property; a failure prints the seed that reproduces it. */
export function holds<Values extends [unknown, ...unknown[]]>(
  property: fc.IProperty<Values>,
  numRuns = PROPERTY_RUNS,
): void {
  fc.assert(property, { numRuns });
}
