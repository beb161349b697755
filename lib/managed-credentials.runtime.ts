import { Inject, Injectable, Optional } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { ModulesContainer } from '@nestjs/core';

import { AppHooks } from './app-hooks.js';
import { ClientRegistry } from './client-registry.js';
import type { AkExpireHandler } from './clients/ak-expire-handler.js';
import { ProblemCollector } from './config/configuration-error.js';
import type { KmsSettings } from './config/kms-settings.js';
import { propertiesSource } from './config/properties-file.js';
import { readKmsSettings } from './config/read-kms-settings.js';
import type { SettingSource } from './config/setting-source.js';
import { systemClock } from './core/clock.js';
import { CredentialsCache } from './core/credentials-cache.js';
import { errorCodeOf } from './core/errors.js';
import type { RefreshTimes } from './core/refresh-policy.js';
import { createKmsSource } from './kms-source.provider.js';
import type { KmsSource } from './kms/kms-source.js';
import { ManagedCredentialsEvents } from './managed-credentials.events.js';
import { ManagedCredentialsLogger } from './managed-credentials.logger.js';
import { MODULE_OPTIONS_TOKEN } from './managed-credentials.module-definition.js';
import {
  resolveOptions,
  resolveRefreshTimes,
  type ManagedCredentialsModuleOptions,
  type ResolvedOptions,
} from './managed-credentials.options.js';
import { AK_EXPIRE_HANDLER } from './managed-credentials.tokens.js';
import { OwnHooks } from './own-hooks.js';

/** Settings, and the source they lead to. */
interface OpenedKms {
  readonly settings: KmsSettings;
  readonly source: KmsSource;
}

/**
 * The core objects behind one `forRoot()`, put together: cache, clients, and the KMS source, which is opened when it
 * is first needed, because only then all settings are sure to be loaded.
 *
 * @internal
 */
@Injectable()
export class ManagedCredentialsRuntime {
  readonly options: ResolvedOptions;
  readonly cache: CredentialsCache;
  readonly clients: ClientRegistry;
  readonly logger = new ManagedCredentialsLogger();
  readonly #appHooks: AppHooks;
  #kms: OpenedKms | undefined;
  #akExpireHandler: AkExpireHandler | undefined;

  constructor(
    @Inject(MODULE_OPTIONS_TOKEN) private readonly moduleOptions: ManagedCredentialsModuleOptions,
    readonly events: ManagedCredentialsEvents,
    modules: ModulesContainer,
    private readonly ownHooks: OwnHooks,
    @Inject(AK_EXPIRE_HANDLER) private readonly ownAkExpireHandler: AkExpireHandler,
    @Optional() @Inject(ConfigService) private readonly config?: ConfigService,
  ) {
    this.options = resolveOptions(moduleOptions);
    this.#appHooks = new AppHooks(modules, ManagedCredentialsRuntime);
    events.stream.subscribe((event) => this.logger.onEvent(event));
    this.cache = new CredentialsCache({
      // Opening fails the fetch in the same way as an answer of KMS would.
      source: { getSecretValue: async (name, limits) => this.openKms().source.getSecretValue(name, limits) },
      clock: systemClock,
      random: Math.random,
      expiredKeyWaitMs: this.options.expiredKeyWaitMs,
      emit: (event) => events.emit(event),
    });
    this.clients = new ClientRegistry({
      cache: this.cache,
      defaultHandler: () => this.#akExpireHandler ?? this.#findAkExpireHandler(),
      onHandlerFailure: (secretName, sdk, error) =>
        events.emit({
          type: 'handlerFailed',
          secretName,
          sdk,
          at: Date.now(),
          errorCode: errorCodeOf(error),
        }),
    });
  }

  /** The refresh schedule. Known once KMS has been opened. */
  get refreshTimes(): RefreshTimes {
    const { rotationIntervalMs, delayIntervalMs } = this.#kms?.settings ?? {};
    return resolveRefreshTimes(this.options.refresh, {
      ...(rotationIntervalMs === undefined ? {} : { rotationIntervalMs }),
      ...(delayIntervalMs === undefined ? {} : { delayIntervalMs }),
    });
  }

  /**
   * Settles which hooks are used; all providers must have been made.
   *
   * @throws ManagedCredentialsError when the application provides a hook twice
   */
  settleHooks(): void {
    this.#akExpireHandler = this.#findAkExpireHandler();
  }

  /**
   * Reads the settings and opens the KMS source, once.
   *
   * @throws ConfigurationError with every problem there is
   */
  openKms(): OpenedKms {
    if (this.#kms !== undefined) return this.#kms;
    const problems = new ProblemCollector();
    const { kms = {}, secretNames, configFile } = this.moduleOptions;
    const sources = [this.#configSource(), propertiesSource(configFile, problems)];
    const settings = readKmsSettings(
      { ...kms, secretNames },
      sources.filter((source) => source !== undefined),
      problems,
    );
    const source = createKmsSource(settings, this.options.kmsTimes, problems);
    if (problems.problems.length > 0) source.close();
    problems.throwIfAny();
    for (const warning of problems.warnings) this.logger.warn(warning);
    this.#kms = { settings, source };
    return this.#kms;
  }

  /** Ends everything that was started. Idempotent. */
  async close(): Promise<void> {
    this.cache.close();
    await this.clients.close();
    this.#kms?.source.close();
  }

  #configSource(): SettingSource | undefined {
    const { config } = this;
    return config && { name: 'ConfigService', get: (key: string): unknown => config.get(key) };
  }

  #findAkExpireHandler(): AkExpireHandler {
    return this.#appHooks.resolve<AkExpireHandler>(
      { token: AK_EXPIRE_HANDLER, method: 'judgeAkExpire' },
      { injected: this.ownAkExpireHandler, made: this.ownHooks.akExpireHandler },
    );
  }
}
