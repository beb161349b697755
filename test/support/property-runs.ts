import fc from 'fast-check';

/** How many examples each property is tried with; more when the environment asks for it. */
export const PROPERTY_RUNS = Number(process.env['PROPERTY_RUNS'] ?? 10_000);

/** Checks a synchronous property; a failure prints the seed that reproduces it. */
export function holds<Values extends [unknown, ...unknown[]]>(
  property: fc.IProperty<Values>,
  numRuns = PROPERTY_RUNS,
): void {
  fc.assert(property, { numRuns });
}
