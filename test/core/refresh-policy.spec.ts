import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { fullJitterMs } from '../../lib/core/backoff.js';
import {
  DEFAULT_REFRESH_TIMES,
  nextRefreshAt,
  type RefreshSituation,
} from '../../lib/core/refresh-policy.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = 1_704_067_200_000;
const none = () => 0;
const most = () => 1 - Number.EPSILON;

function situation(part: Partial<RefreshSituation> = {}): RefreshSituation {
  return { schedule: {}, failures: 0, overdueChecks: 0, deadKeyProbes: undefined, ...part };
}

/** How long until the next refresh. */
function wait(part: Partial<RefreshSituation> = {}, random = none, times = DEFAULT_REFRESH_TIMES): number {
  return nextRefreshAt(NOW, situation(part), times, random) - NOW;
}

describe('the next refresh', () => {
  it('comes after the rotation interval when no rotation is announced', () => {
    expect(wait()).toBe(6 * HOUR);
  });

  it('is spread by up to the jitter', () => {
    expect(wait({}, most)).toBeCloseTo(6 * HOUR + 10 * MINUTE, 0);
    expect(wait({}, most, { ...DEFAULT_REFRESH_TIMES, jitterMs: 0 })).toBe(6 * HOUR);
  });

  it('comes a little after a rotation that is announced within the interval', () => {
    expect(wait({ schedule: { nextRotationAt: NOW + HOUR } })).toBe(HOUR + 5 * MINUTE);
    expect(wait({ schedule: { nextRotationAt: NOW + HOUR } }, most)).toBeCloseTo(HOUR + 15 * MINUTE, 0);
  });

  it('does not wait for a rotation that is further off', () => {
    expect(wait({ schedule: { nextRotationAt: NOW + 6 * HOUR } })).toBe(6 * HOUR);
    expect(wait({ schedule: { nextRotationAt: NOW + 365 * DAY } })).toBe(6 * HOUR);
  });

  it('comes a little after the key expires by its own account', () => {
    expect(wait({ schedule: { expiresAt: NOW + HOUR, nextRotationAt: NOW + 2 * HOUR } })).toBe(
      HOUR + 5 * MINUTE,
    );
  });

  it('comes no later than the time to live', () => {
    expect(wait({ schedule: { timeToLiveMs: HOUR } })).toBe(HOUR);
    expect(wait({ schedule: { timeToLiveMs: 7 * DAY } })).toBe(6 * HOUR);
  });

  it('is spread after the time to live as well', () => {
    expect(wait({ schedule: { timeToLiveMs: HOUR } }, most)).toBeCloseTo(HOUR + 10 * MINUTE, 0);
  });

  it('looks for an overdue rotation after 5 min, doubling to 1 h', () => {
    const schedule = { nextRotationAt: NOW - 1 };
    const waits = [1, 2, 3, 4, 5, 6, 60].map((overdueChecks) => wait({ schedule, overdueChecks }) / MINUTE);
    expect(waits).toEqual([5, 10, 20, 40, 60, 60, 60]);
  });

  it('spreads the looks for an overdue rotation, over no more than their distance', () => {
    const schedule = { nextRotationAt: NOW - 1 };
    expect(wait({ schedule, overdueChecks: 1 }, most)).toBeCloseTo(10 * MINUTE, 0);
    expect(wait({ schedule, overdueChecks: 4 }, most)).toBeCloseTo(50 * MINUTE, 0);
  });

  it('holds a rotation to be overdue from the instant it is announced for', () => {
    expect(wait({ schedule: { nextRotationAt: NOW }, overdueChecks: 2 })).toBe(10 * MINUTE);
  });

  it('looks for an overdue rotation no less often than the rotation interval says', () => {
    const times = { ...DEFAULT_REFRESH_TIMES, rotationIntervalMs: MINUTE };
    expect(wait({ schedule: { nextRotationAt: NOW - 1 }, overdueChecks: 9 }, none, times)).toBe(MINUTE);
  });

  it('comes within 1 s to 5 min after a failure, whatever else is announced', () => {
    const schedule = { nextRotationAt: NOW + 30 * DAY };
    const ceilings = [1, 2, 3, 9, 50].map((failures) =>
      Math.round(wait({ schedule, failures }, most) / 1000),
    );
    expect(ceilings).toEqual([2, 4, 8, 300, 300]);
    expect(wait({ schedule, failures: 50 }, none)).toBe(1000);
  });

  it('probes for the successor of a dead key within a minute', () => {
    expect(wait({ deadKeyProbes: 0, failures: 20 }, most)).toBeCloseTo(10_000, 0);
    expect(wait({ deadKeyProbes: 30 }, most)).toBeCloseTo(MINUTE, 0);
    expect(wait({ deadKeyProbes: 30 }, none)).toBe(5000);
  });

  it('is always in the future, at most one interval and jitter away', () => {
    fc.assert(
      fc.property(
        fc.record({
          schedule: fc.record(
            {
              nextRotationAt: fc.integer({ min: NOW - 400 * DAY, max: NOW + 400 * DAY }),
              expiresAt: fc.integer({ min: NOW - 400 * DAY, max: NOW + 400 * DAY }),
              timeToLiveMs: fc.integer({ min: 1, max: 400 * DAY }),
            },
            { requiredKeys: [] },
          ),
          failures: fc.nat(2000),
          overdueChecks: fc.nat(2000),
          deadKeyProbes: fc.option(fc.nat(2000), { nil: undefined }),
        }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (part, draw) => {
          const waitMs = wait(part, () => draw);
          expect(waitMs).toBeGreaterThan(0);
          expect(waitMs).toBeLessThanOrEqual(6 * HOUR + 15 * MINUTE);
        },
      ),
    );
  });
});

describe('full jitter', () => {
  const range = { minMs: 1000, maxMs: 300_000 };

  it('spreads over the whole range of its attempt', () => {
    expect(fullJitterMs(3, range, none)).toBe(1000);
    expect(fullJitterMs(3, range, () => 0.5)).toBe(8500);
    expect(fullJitterMs(3, range, most)).toBeCloseTo(16_000, 0);
  });

  it('stays within the range, however many attempts', () => {
    expect(fullJitterMs(100_000, range, most)).toBeCloseTo(300_000, 0);
  });
});
