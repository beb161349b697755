import { Inject, Injectable, Optional, type BeforeApplicationShutdown } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { SchedulerRegistry } from '@nestjs/schedule';

import { systemClock } from './core/clock.js';
import type { ManagedCredentials } from './core/managed-credentials.js';
import { RefreshScheduler } from './core/refresh-scheduler.js';
import { ManagedCredentialsRuntime } from './managed-credentials.runtime.js';
import { RegistryTimers } from './registry-timers.js';

/**
 * Refreshes secrets in the background: after each announced rotation, at least every rotation interval, and soon
 * again after a failure. Its timers are listed in the application's SchedulerRegistry as
 * `managed-credentials:<secretName>` and do not keep the process alive.
 *
 * @hideconstructor
 */
@Injectable()
export class SecretRefreshService implements BeforeApplicationShutdown {
  readonly #scheduler: RefreshScheduler;

  constructor(
    private readonly runtime: ManagedCredentialsRuntime,
    modules: ModulesContainer,
    @Optional() @Inject(SchedulerRegistry) registry?: SchedulerRegistry,
  ) {
    this.#scheduler = new RefreshScheduler({
      cache: runtime.cache,
      timers: new RegistryTimers(registry ?? new SchedulerRegistry(), () => rootNumber(modules, runtime)),
      clock: systemClock,
      times: () => runtime.refreshTimes,
      random: Math.random,
    });
    runtime.events.stream.subscribe((event) => this.#scheduler.onEvent(event));
  }

  /**
   * Fetches a secret now, whatever its schedule.
   *
   * @throws KmsError, InvalidSecretError or ConfigurationError when the fetch fails; ClosedError after shutdown
   */
  async refreshNow(secretName: string): Promise<ManagedCredentials> {
    return this.runtime.cache.secret(secretName).refresh('manual');
  }

  /** When a secret is fetched next, in epoch milliseconds; undefined when it was never fetched. */
  nextRefreshAt(secretName: string): number | undefined {
    return this.#scheduler.nextRefreshAt(secretName);
  }

  /** Ends the timers; called by Nest. */
  beforeApplicationShutdown(): void {
    this.#scheduler.close();
  }
}

/** Which of several `forRoot()` of one application this is, from 1, in the order of their import. */
function rootNumber(modules: ModulesContainer, runtime: ManagedCredentialsRuntime): number {
  const runtimes = [...modules.values()]
    .map((module) => module.providers.get(ManagedCredentialsRuntime)?.instance)
    .filter((instance) => instance instanceof ManagedCredentialsRuntime);
  return runtimes.indexOf(runtime) + 1;
}
