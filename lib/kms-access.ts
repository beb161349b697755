import { Inject, Injectable, Optional } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';

import { AppHooks } from './app-hooks.js';
import { ProblemCollector } from './config/configuration-error.js';
import type { KmsSettings } from './config/kms-settings.js';
import { checkModuleOptions } from './config/module-options.js';
import { propertiesSource } from './config/properties-file.js';
import { readKmsSettings } from './config/read-kms-settings.js';
import type { SettingSource } from './config/setting-source.js';
import { systemClock } from './core/clock.js';
import { errorCodeOf, ManagedCredentialsError } from './core/errors.js';
import type { FetchLimits, SecretSource, SecretValue } from './core/secret-value.js';
import { withinLimit } from './core/within-limit.js';
import { createKmsSource } from './kms-source.provider.js';
import type { KmsSource } from './kms/kms-source.js';
import { ManagedCredentialsEvents } from './managed-credentials.events.js';
import { MODULE_OPTIONS_TOKEN } from './managed-credentials.module-definition.js';
import { resolveOptions, type ManagedCredentialsModuleOptions } from './managed-credentials.options.js';

/** KMS as it was configured, opened. */
interface OpenedKms {
  readonly settings: KmsSettings;
  readonly source: KmsSource;
  /** Remarks about the configuration, as sentences. */
  readonly warnings: readonly string[];
}

/**
 * The KMS of the application as a source of secrets: opened when it is first needed, because only then all settings are
 * sure to be loaded, and asked by the names that KMS knows.
 */
@Injectable()
export class KmsAccess implements SecretSource {
  #opened: OpenedKms | undefined;

  constructor(
    @Inject(MODULE_OPTIONS_TOKEN) private readonly options: ManagedCredentialsModuleOptions,
    private readonly hooks: AppHooks,
    private readonly events: ManagedCredentialsEvents,
    @Optional() @Inject(ConfigService) private readonly config?: ConfigService,
  ) {}

  /** The settings, once KMS was opened. */
  get settings(): KmsSettings | undefined {
    return this.#opened?.settings;
  }

  /**
   * Reads the settings and opens the source, once.
   *
   * @throws ConfigurationError with every problem there is
   */
  open(): OpenedKms {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  /**
   * Fetches a secret, by the name the code uses.
   *
   * @throws KmsError; ConfigurationError; ManagedCredentialsError `InvalidSecretName`
   */
  async getSecretValue(secretName: string, limits: FetchLimits): Promise<SecretValue> {
    const { source } = this.open();
    const { fetchTimeoutMs } = resolveOptions(this.options).kmsTimes;
    const limitMs = Math.min(limits.timeoutMs ?? Infinity, fetchTimeoutMs);
    const nameInKms = await this.#nameInKms(secretName, limitMs);
    return source.getSecretValue(nameInKms, { ...limits, eventName: secretName });
  }

  /** Closes all connections. */
  close(): void {
    this.#opened?.source.close();
  }

  #open(): OpenedKms {
    const problems = new ProblemCollector();
    checkModuleOptions({ ...this.options }, problems);
    const { kms, secretNames, configFile } = this.options;
    const sources = [this.#configSource(), propertiesSource(configFile, problems)];
    const settings = readKmsSettings(
      { ...kms, secretNames },
      sources.filter((source) => source !== undefined),
      problems,
    );
    const source = createKmsSource(settings, resolveOptions(this.options).kmsTimes, problems, (request) =>
      this.events.emit({ ...request, type: 'kmsRequest', at: Date.now() }),
    );
    if (problems.problems.length > 0) source.close();
    problems.throwIfAny();
    return { settings, source, warnings: problems.warnings };
  }

  #configSource(): SettingSource | undefined {
    const { config } = this;
    return config && { name: 'ConfigService', get: (key) => config.get<unknown>(key) };
  }

  async #nameInKms(secretName: string, limitMs: number): Promise<string> {
    let name: unknown;
    let reason = 'gave no name';
    try {
      const resolving = this.hooks.current.secretNameResolver.resolveSecretName(secretName);
      name = await withinLimit(Promise.resolve(resolving), limitMs, systemClock);
      if (name === undefined) reason = 'gave no name in time';
    } catch (error) {
      reason = `failed (${errorCodeOf(error)})`;
    }
    if (typeof name === 'string' && name !== '') return name;
    throw new ManagedCredentialsError(
      `The SECRET_NAME_RESOLVER ${reason} for secret "${secretName}". Let it return the name of the secret in KMS.`,
      { code: 'InvalidSecretName', secretName },
    );
  }
}
