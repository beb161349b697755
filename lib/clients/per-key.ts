import type { ManagedCredentials } from '../core/managed-credentials.js';

/**
 * What is made of a key once and used for all calls that are signed with it: the last one is kept, since calls with
 * different keys only meet for a moment after a rotation.
 */
export class PerKey<Made> {
  #key: ManagedCredentials | undefined;
  #made: Made | undefined;

  constructor(private readonly make: (key: ManagedCredentials) => Made) {}

  /** What belongs to a key. */
  for(key: ManagedCredentials): Made {
    if (this.#made !== undefined && this.#key === key) return this.#made;
    const made = this.make(key);
    this.#key = key;
    this.#made = made;
    return made;
  }
}
