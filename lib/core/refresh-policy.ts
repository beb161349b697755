import { fullJitterMs, type BackoffRange, type Random } from './backoff.js';

/** What a secret says about its own future. Instants are epoch milliseconds. */
export interface RotationSchedule {
  /** When KMS means to rotate the secret next. */
  readonly nextRotationAt?: number | undefined;
  /** When the key expires by its own account. */
  readonly expiresAt?: number | undefined;
  /** How long a fetched value may be used before it is looked at again. */
  readonly timeToLiveMs?: number | undefined;
}

/** The constants of the refresh schedule, in milliseconds. */
export interface RefreshTimes {
  /** How often a secret is looked at when nothing nearer is known. */
  readonly rotationIntervalMs: number;
  /** How long after the announced rotation it is looked at. */
  readonly delayIntervalMs: number;
  /** Upper bound of the random delay added to each run of each secret, so that a fleet spreads out. */
  readonly jitterMs: number;
}

/**
 * The official plugins' schedule (6 h, 5 min, up to 10 min): `consts.py` of aliyun-sdk-managed-credentials-
 * providers-python. Theirs draw the jitter once a process; here it is drawn for each secret and run.
 */
export const DEFAULT_REFRESH_TIMES: RefreshTimes = {
  rotationIntervalMs: 6 * 60 * 60_000,
  delayIntervalMs: 5 * 60_000,
  jitterMs: 10 * 60_000,
};

/** How soon a rotation that is overdue is looked for again: 5 min, doubling to 1 h. */
const OVERDUE_FIRST_MS = 5 * 60_000;
const OVERDUE_MAX_MS = 60 * 60_000;

/** How soon a failed refresh is tried again. */
const FAILED_REFRESH_BACKOFF: BackoffRange = { minMs: 1000, maxMs: 5 * 60_000 };

/** How often KMS is asked for the successor of a key that the cloud refuses, once no call waits for it. */
const DEAD_KEY_PROBE_BACKOFF: BackoffRange = { minMs: 5000, maxMs: 60_000 };

/** What decides when a secret is fetched next. */
export interface RefreshSituation {
  readonly schedule: RotationSchedule;
  /** Refreshes that failed since the last good one. */
  readonly failures: number;
  /** Fetches in a row that found a rotation overdue; 1 for the first. */
  readonly overdueChecks: number;
  /** Background probes for the successor of a refused key; undefined while the key is good. */
  readonly deadKeyProbes: number | undefined;
}

/**
 * When to fetch a secret next, in epoch milliseconds. Pure: all that varies is an argument.
 *
 * A failed refresh or a refused key is tried again within seconds to minutes. Otherwise the secret is fetched a
 * little after its announced rotation, or after the rotation interval when none is announced that soon, and
 * never later than its time to live.
 */
export function nextRefreshAt(
  now: number,
  situation: RefreshSituation,
  times: RefreshTimes,
  random: Random,
): number {
  if (situation.deadKeyProbes !== undefined) {
    return now + fullJitterMs(situation.deadKeyProbes, DEAD_KEY_PROBE_BACKOFF, random);
  }
  if (situation.failures > 0) {
    return now + fullJitterMs(situation.failures - 1, FAILED_REFRESH_BACKOFF, random);
  }
  if (isRotationOverdue(now, situation.schedule)) {
    const waitMs = Math.min(
      OVERDUE_FIRST_MS * 2 ** Math.min(Math.max(0, situation.overdueChecks - 1), 10),
      OVERDUE_MAX_MS,
      times.rotationIntervalMs,
    );
    return now + waitMs + random() * Math.min(times.jitterMs, waitMs);
  }
  const jitterMs = random() * times.jitterMs;
  const intervalAt = now + times.rotationIntervalMs + jitterMs;
  const changeAt = Math.min(...changeDates(situation.schedule));
  const runAt = changeAt < intervalAt ? changeAt + times.delayIntervalMs + jitterMs : intervalAt;
  const staleAt = now + (situation.schedule.timeToLiveMs ?? Infinity) + jitterMs;
  return Math.min(runAt, staleAt);
}

/** Whether KMS should have replaced the key by now, by the dates the secret itself gives. */
export function isRotationOverdue(now: number, schedule: RotationSchedule): boolean {
  return changeDates(schedule).some((at) => at <= now);
}

function changeDates({ nextRotationAt, expiresAt }: RotationSchedule): number[] {
  return [nextRotationAt, expiresAt].filter((at) => at !== undefined);
}
