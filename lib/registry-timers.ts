import type { SchedulerRegistry } from '@nestjs/schedule';

import type { SecretTimers } from './core/refresh-scheduler.js';

interface ListedTimer {
  readonly key: string;
  readonly timeout: NodeJS.Timeout;
}

/** Timers that are listed in a SchedulerRegistry for as long as they are set. */
export class RegistryTimers implements SecretTimers {
  readonly #timers = new Map<string, ListedTimer>();

  /** @param rootNumber which `forRoot()` of the application the timers belong to, from 1 */
  constructor(
    private readonly registry: SchedulerRegistry,
    private readonly rootNumber: () => number,
  ) {}

  set(secretName: string, delayMs: number, callback: () => void): void {
    this.clear(secretName);
    const key = this.#freeKey(secretName);
    const timeout = setTimeout(() => {
      // The registry goes on listing timeouts that have fired, and refuses to list another one by that name.
      this.clear(secretName);
      callback();
    }, delayMs).unref();
    this.registry.addTimeout(key, timeout);
    this.#timers.set(secretName, { key, timeout });
  }

  clear(secretName: string): void {
    const listed = this.#timers.get(secretName);
    if (listed === undefined) return;
    this.#timers.delete(secretName);
    clearTimeout(listed.timeout);
    // At shutdown the registry may have been emptied already.
    if (this.#isListed(listed)) this.registry.deleteTimeout(listed.key);
  }

  #isListed({ key, timeout }: ListedTimer): boolean {
    return this.registry.doesExist('timeout', key) && this.registry.getTimeout(key) === timeout;
  }

  #freeKey(secretName: string): string {
    const base = `managed-credentials:${secretName}`;
    let key = this.rootNumber() > 1 ? `${base}#${this.rootNumber()}` : base;
    while (this.registry.doesExist('timeout', key)) key += "'";
    return key;
  }
}
