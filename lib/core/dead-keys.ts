import type { Clock } from './clock.js';
import type { ManagedCredentials } from './managed-credentials.js';

/** For how long, and how many, refused versions are remembered: replicas of KMS lag by seconds, not more. */
const REMEMBERED_MS = 10 * 60_000;
const REMEMBERED_VERSIONS = 8;

/** The versions of one secret that the cloud has lately refused, and that another one has replaced. */
export class DeadKeys {
  #keys: { readonly key: ManagedCredentials; readonly since: number }[] = [];

  constructor(private readonly clock: Clock) {}

  has(key: ManagedCredentials): boolean {
    const oldest = this.clock.monotonic() - REMEMBERED_MS;
    return this.#keys.some((dead) => dead.since >= oldest && dead.key.isSameVersionAs(key));
  }

  add(key: ManagedCredentials): void {
    this.remove(key);
    this.#keys = [...this.#keys, { key, since: this.clock.monotonic() }].slice(-REMEMBERED_VERSIONS);
  }

  remove(key: ManagedCredentials): void {
    this.#keys = this.#keys.filter((dead) => !dead.key.isSameVersionAs(key));
  }
}
