import fc from 'fast-check';

import type { CallFault } from './race-world.js';

/**
 * How a call is made: `plain`; a `stream` that cannot be sent twice; `hidden`, when the cloud does not say why it
 * refuses; `hasty`, with a time-out of its own.
 */
export type CallKind = 'plain' | 'stream' | 'hidden' | 'hasty';

/** What happens next. */
export type Step =
  | { readonly do: 'call'; readonly kind: CallKind; readonly fault: CallFault; readonly count: number }
  | { readonly do: 'rotate' | 'emergency'; readonly kmsLags: boolean }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'key elsewhere'; readonly version: number }
  | {
      readonly do:
        | 'KMS catches up'
        | 'KMS falls behind'
        | 'KMS goes down'
        | 'KMS forbids'
        | 'KMS comes back'
        | 'key disabled'
        | 'key enabled'
        | 'refresh by hand'
        | 'close';
    };

/** How many requests get on before a step, and in between while time passes. */
export type Progress = 'none' | 'one' | 'some' | 'all';

/** One exploration: what happens, and what is drawn at random meanwhile. */
export interface Scenario {
  readonly steps: readonly (readonly [Progress, Step])[];
  /** Whether the first fetch is over before all else happens. */
  readonly isReady: boolean;
  /** Whether things happen right after each other, or all that follows from one settles before the next. */
  readonly isHurried: boolean;
  readonly expiredKeyWaitMs: number;
  /** What the engine draws for its jitter, in turn. */
  readonly draws: readonly number[];
}

const call: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('call' as const),
  kind: fc.oneof(
    { weight: 5, arbitrary: fc.constant<CallKind>('plain') },
    { weight: 3, arbitrary: fc.constantFrom<CallKind[]>('stream', 'hidden', 'hasty') },
  ),
  fault: fc.oneof(
    { weight: 8, arbitrary: fc.constant<CallFault>('none') },
    { weight: 1, arbitrary: fc.constantFrom<CallFault[]>('forbidden', 'lost') },
  ),
  count: fc.integer({ min: 1, max: 3 }),
});
const rotation: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('rotate' as const, 'emergency' as const, 'emergency' as const),
  kmsLags: fc.boolean(),
});
const pass: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('pass' as const),
  ms: fc.constantFrom(50, 500, 1000, 2500, 6000, 70_000, 6 * 60 * 60_000),
});
const kms: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom(
    'KMS catches up' as const,
    'KMS catches up' as const,
    'KMS falls behind' as const,
    'KMS goes down' as const,
    'KMS forbids' as const,
    'KMS comes back' as const,
  ),
});
const other: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('key disabled' as const, 'key enabled' as const, 'refresh by hand' as const),
  }),
  fc.record({ do: fc.constant('key elsewhere' as const), version: fc.integer({ min: 1, max: 3 }) }),
);
const close: fc.Arbitrary<Step> = fc.constant({ do: 'close' as const });

const step = fc.oneof(
  { weight: 10, arbitrary: call },
  { weight: 6, arbitrary: rotation },
  { weight: 6, arbitrary: pass },
  { weight: 4, arbitrary: kms },
  { weight: 2, arbitrary: other },
  { weight: 1, arbitrary: close },
);

/** Any scenario. */
export const scenario: fc.Arbitrary<Scenario> = fc.record({
  steps: fc.array(fc.tuple(fc.constantFrom<Progress[]>('none', 'one', 'some', 'all'), step), {
    minLength: 1,
    maxLength: 14,
    size: 'max',
  }),
  isReady: fc.boolean(),
  isHurried: fc.boolean(),
  expiredKeyWaitMs: fc.constantFrom(5000, 5000, 1000, 0),
  draws: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 4 }),
});
