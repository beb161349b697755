import type { AkExpireHandlerOption, ManagedClientDefinition } from './clients/managed-client-definition.js';
import { DEFAULT_REFRESH_TIMES, type RefreshTimes } from './core/refresh-policy.js';
import type { FileCacheOptions } from './file-cache/encrypted-file-cache.js';
import type { HedgeTimes } from './kms/hedged-fetch.js';
import type { RequestTimeouts } from './kms/https-post.js';
import type { KmsOptions } from './kms-options.js';

/** Options of `ManagedCredentialsModule`. All are optional; what is missing is read through ConfigService. */
export interface ManagedCredentialsModuleOptions {
  /**
   * Path of a properties file with settings that ConfigService does not have; `false` for none.
   * @default `managed_credentials_providers.properties` in the working directory, if there is one
   */
  readonly configFile?: string | false | undefined;
  /** Where secrets come from. @default the settings */
  readonly kms?: KmsOptions | undefined;
  /** Secrets to fetch in the background at start-up. @default the setting `secret_names` */
  readonly secretNames?: readonly string[] | undefined;
  /** The refresh schedule. @default 6 h, 5 min after an announced rotation, up to 10 min of jitter */
  readonly refresh?: Partial<RefreshTimes> | undefined;
  /**
   * How long calls wait for the successor of a refused key while KMS does not offer it yet, in milliseconds; 0 does
   * not wait. A call with a time-out of its own waits no longer than that. Of one secret 100,000 calls can wait at the
   * same time; further ones fail at once with the SDK's error.
   * @default 5000
   */
  readonly expiredKeyWaitMs?: number | undefined;
  /**
   * `eager` fetches the secret of every client while the application starts, and fails the start when one cannot be
   * had; `lazy` fetches each at its first use. 32 secrets are fetched at the same time, over as many connections to a
   * KMS endpoint at most.
   * @default 'eager'
   */
  readonly startup?: 'eager' | 'lazy' | undefined;
  /** How long the start may wait for all secrets, in milliseconds. @default 30000 */
  readonly startupTimeoutMs?: number | undefined;
  /**
   * Keeps the last good version of each secret in encrypted files, so that the application can start while KMS is down.
   * @default none
   */
  readonly fileCache?: FileCacheOptions | undefined;
  /** Judges whether an error means an expired key: an instance, or a class with injected dependencies. */
  readonly akExpireHandler?: AkExpireHandlerOption | undefined;
}

/** Options that shape the module itself, and so must be known before anything is injected. */
export interface ManagedCredentialsModuleExtras {
  /** The clients to make injectable. */
  readonly clients?: readonly ManagedClientDefinition[] | undefined;
  /** Whether every module sees the clients and services. @default true */
  readonly isGlobal?: boolean | undefined;
}

/** Makes the options of the module; for `useClass` and `useExisting`. */
export interface ManagedCredentialsOptionsFactory {
  /** Makes the options; may be asynchronous. */
  createManagedCredentialsOptions():
    ManagedCredentialsModuleOptions | Promise<ManagedCredentialsModuleOptions>;
}

/** Options with their defaults, except those that are read through ConfigService when missing. */
export interface ResolvedOptions {
  readonly kmsTimes: HedgeTimes & RequestTimeouts;
  readonly secretNames: readonly string[];
  readonly refresh: Partial<RefreshTimes>;
  readonly expiredKeyWaitMs: number;
  readonly startup: 'eager' | 'lazy';
  readonly startupTimeoutMs: number;
}

/** Fills in the defaults. What is wrong with an option is reported when KMS is opened. */
export function resolveOptions({ kms, ...options }: ManagedCredentialsModuleOptions): ResolvedOptions {
  return {
    kmsTimes: {
      connectTimeoutMs: kms?.connectTimeoutMs ?? 5000,
      readTimeoutMs: kms?.readTimeoutMs ?? 10_000,
      fetchTimeoutMs: kms?.fetchTimeoutMs ?? 30_000,
      hedgeDelayMs: kms?.hedgeDelayMs ?? 1000,
    },
    secretNames: options.secretNames ?? [],
    refresh: options.refresh ?? {},
    expiredKeyWaitMs: options.expiredKeyWaitMs ?? 5000,
    startup: options.startup ?? 'eager',
    startupTimeoutMs: options.startupTimeoutMs ?? 30_000,
  };
}

/** The refresh schedule: options in code, then settings, then the defaults of the official plugins. */
export function resolveRefreshTimes(
  inCode: Partial<RefreshTimes>,
  inSettings: Partial<RefreshTimes>,
): RefreshTimes {
  const pick = (name: keyof RefreshTimes) => inCode[name] ?? inSettings[name] ?? DEFAULT_REFRESH_TIMES[name];
  return {
    rotationIntervalMs: pick('rotationIntervalMs'),
    delayIntervalMs: pick('delayIntervalMs'),
    jitterMs: pick('jitterMs'),
  };
}
