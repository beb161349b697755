import fc from 'fast-check';

/** How many examples each property is tried with; CI asks for more by the environment. */
export const PROPERTY_RUNS = Number(process.env['PROPERTY_RUNS'] ?? 1000);

/** Checks a synchronous property; a failure prints the seed that reproduces it. */
export function holds<Values extends [unknown, ...unknown[]]>(
  property: fc.IProperty<Values>,
  numRuns = PROPERTY_RUNS,
): void {
  fc.assert(property, { numRuns });
}
