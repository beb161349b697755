import { Inject, Injectable } from '@nestjs/common';

import { AppHooks } from './app-hooks.js';
import { ClientRegistry } from './client-registry.js';
import { systemClock } from './core/clock.js';
import { CredentialsCache } from './core/credentials-cache.js';
import { errorCodeOf } from './core/errors.js';
import type { RefreshTimes } from './core/refresh-policy.js';
import { Fallbacks } from './fallbacks.js';
import { EncryptedFileCache, type FileCacheOptions } from './file-cache/encrypted-file-cache.js';
import { KmsAccess } from './kms-access.js';
import { ManagedCredentialsEvents } from './managed-credentials.events.js';
import { ManagedCredentialsLogger } from './managed-credentials.logger.js';
import { MODULE_OPTIONS_TOKEN } from './managed-credentials.module-definition.js';
import {
  resolveOptions,
  resolveRefreshTimes,
  type ManagedCredentialsModuleOptions,
  type ResolvedOptions,
} from './managed-credentials.options.js';

/**
 * The core objects behind one `forRoot()`, put together.
 */
@Injectable()
export class ManagedCredentialsRuntime {
  readonly options: ResolvedOptions;
  readonly cache: CredentialsCache;
  readonly clients: ClientRegistry;
  readonly logger = new ManagedCredentialsLogger();
  /** Set when the application starts; clients that are made later belong to modules that are loaded lazily. */
  isStarted = false;
  readonly #fileCache: EncryptedFileCache | undefined;

  constructor(
    @Inject(MODULE_OPTIONS_TOKEN) moduleOptions: ManagedCredentialsModuleOptions,
    readonly events: ManagedCredentialsEvents,
    readonly kms: KmsAccess,
    readonly hooks: AppHooks,
  ) {
    this.options = resolveOptions(moduleOptions);
    events.stream.subscribe((event) => this.logger.onEvent(event));
    const warn = (warning: string) => this.logger.warn(warning);
    this.#fileCache = createFileCache(moduleOptions.fileCache, warn);
    this.cache = new CredentialsCache({
      source: kms,
      fallback: new Fallbacks(this.#fileCache, () => hooks.current.secretRecovery, warn),
      clock: systemClock,
      random: Math.random,
      expiredKeyWaitMs: this.options.expiredKeyWaitMs,
      emit: (event) => events.emit(event),
    });
    this.clients = new ClientRegistry({
      cache: this.cache,
      defaultHandler: () => hooks.current.akExpireHandler,
      onHandlerFailure: (secretName, sdk, error) => {
        const errorCode = errorCodeOf(error);
        events.emit({ type: 'handlerFailed', secretName, sdk, at: Date.now(), errorCode });
      },
      onRetry: (secretName, sdk) => events.emit({ type: 'callRetried', secretName, sdk, at: Date.now() }),
    });
  }

  /** The refresh schedule: options in code, then settings once KMS was opened, then the defaults. */
  get refreshTimes(): RefreshTimes {
    const { rotationIntervalMs, delayIntervalMs } = this.kms.settings ?? {};
    return resolveRefreshTimes(this.options.refresh, {
      ...(rotationIntervalMs === undefined ? {} : { rotationIntervalMs }),
      ...(delayIntervalMs === undefined ? {} : { delayIntervalMs }),
    });
  }

  /** Ends everything that was started. Idempotent. */
  async close(): Promise<void> {
    this.cache.close();
    // Nobody fetches any more, and a client that is slow to close must not keep these connections open.
    this.kms.close();
    await this.clients.close();
    await this.#fileCache?.flush();
  }
}

/** Without one when its options are wrong, which is reported when KMS is opened. */
function createFileCache(
  options: FileCacheOptions | undefined,
  warn: (warning: string) => void,
): EncryptedFileCache | undefined {
  try {
    return options && new EncryptedFileCache(options, warn);
  } catch {
    return undefined;
  }
}
