import type { RefreshReason } from './events.js';
import { isRotationOverdue, type RotationSchedule } from './refresh-policy.js';

/** What a secret last said about its rotations, and how long it has been behind that. */
export class RotationWatch {
  #schedule: RotationSchedule = {};
  #overdueChecks = 0;

  get schedule(): RotationSchedule {
    return this.#schedule;
  }

  /** Fetches in a row that found a rotation overdue; of those that calls asked for, only the first counts. */
  get overdueChecks(): number {
    return this.#overdueChecks;
  }

  /** Tells what an answer of KMS says of the key that serves from now on. */
  onFetched(schedule: RotationSchedule, reason: RefreshReason, now: number): void {
    this.#schedule = schedule;
    if (!isRotationOverdue(now, schedule)) this.#overdueChecks = 0;
    else if (reason === 'scheduled') this.#overdueChecks += 1;
    else this.#overdueChecks = Math.max(1, this.#overdueChecks);
  }
}
