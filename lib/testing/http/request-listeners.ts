import type { EmulatorTarget } from '../emulator-target.js';
import type { OpenRecord, RecordedRequest } from './recorded-request.js';
import { snapshotOf } from './request-log.js';

/** Is told of a request that has arrived. */
export type RequestListener = (request: RecordedRequest) => void;

/** Who is told of requests as they arrive, by target. */
export class RequestListeners {
  readonly #listeners = new Map<EmulatorTarget, Set<RequestListener>>();

  /** @returns what takes the listener away */
  add(target: EmulatorTarget, listener: RequestListener): () => void {
    const listeners = this.#listeners.get(target) ?? new Set();
    this.#listeners.set(target, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  /** Tells of one request. */
  notify(record: OpenRecord): void {
    for (const listener of this.#listeners.get(record.target) ?? []) listener(snapshotOf(record));
  }
}
