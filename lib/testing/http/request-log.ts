import { EmulatorError } from '../emulator-error.js';
import type { EmulatorTarget } from '../emulator-target.js';
import type { OpenRecord, RecordedRequest } from './recorded-request.js';

/** The last requests that reached the emulator, oldest first, in bounded memory. */
export class RequestLog {
  #records: OpenRecord[] = [];
  readonly #counts = new Map<EmulatorTarget, number>();

  /**
   * @param limit how many requests are kept
   * @throws EmulatorError when it is no count
   */
  constructor(private readonly limit: number) {
    if (!Number.isInteger(limit) || limit < 1) {
      throw new EmulatorError(`The option requestLogLimit must be a whole number above 0, not ${limit}.`);
    }
  }

  /** Starts to remember a request. The caller goes on filling the record in until the request is answered. */
  open(record: OpenRecord): OpenRecord {
    // Old records go in whole blocks, so that remembering one more costs the same however long the log is.
    if (this.#records.length >= 2 * this.limit) this.#records = this.#records.slice(-this.limit);
    this.#records.push(record);
    this.#counts.set(record.target, this.count(record.target) + 1);
    return record;
  }

  /** How many requests there were since the start or the last `clear()`, those that are not remembered any more too. */
  count(target?: EmulatorTarget): number {
    if (target !== undefined) return this.#counts.get(target) ?? 0;
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Immutable copies of what is remembered, of one target or of all. */
  list(target?: EmulatorTarget): readonly RecordedRequest[] {
    const kept = this.#records.slice(-this.limit);
    const chosen = target === undefined ? kept : kept.filter((record) => record.target === target);
    return chosen.map(snapshotOf);
  }

  /** Forgets everything. */
  clear(): void {
    this.#records = [];
    this.#counts.clear();
  }
}

/** An immutable copy of a record. */
export function snapshotOf(record: OpenRecord): RecordedRequest {
  return Object.freeze({ ...record });
}
