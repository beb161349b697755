import type { AkExpireHandlerOption, ManagedClientDefinition } from './clients/managed-client-definition.js';
import type { RamCredentialsProvider } from './config/ram-credentials-provider.js';
import { DEFAULT_REFRESH_TIMES, type RefreshTimes } from './core/refresh-policy.js';
import type { FileCacheOptions } from './file-cache/encrypted-file-cache.js';
import type { HedgeTimes } from './kms/hedged-fetch.js';
import type { RequestTimeouts } from './kms/https-post.js';

/**
 * A dedicated KMS instance, with the keys of the JSON setting `cache_client_dkms_config_info`. Content can be given
 * in place of each file.
 */
export interface DedicatedKmsOptions {
  readonly regionId?: string | undefined;
  /** Host of the instance: `kst-xxx.cryptoservice.kms.aliyuncs.com`. */
  readonly endpoint: string;
  /** Path of the client key file. */
  readonly clientKeyFile?: string | undefined;
  /** The content of the client key file. */
  readonly clientKey?: string | undefined;
  /** Path of a file with the password of the client key. */
  readonly passwordFromFilePath?: string | undefined;
  /** Name of an environment variable with the password. */
  readonly passwordFromEnvVariable?: string | undefined;
  /** Name of a setting that holds the path of the password file. */
  readonly passwordFromFilePathName?: string | undefined;
  /** The password itself. */
  readonly password?: string | undefined;
  /** Path of the PEM file with the CA of the instance. */
  readonly caFilePath?: string | undefined;
  /** The CA itself, in PEM. */
  readonly ca?: string | undefined;
  /** Accepts any server certificate. @default false */
  readonly ignoreSslCerts?: boolean | string | undefined;
}

/**
 * An endpoint of the shared KMS, with the keys of the JSON setting `cache_client_region_id`; also the gateway of an
 * instance that is used with RAM credentials.
 */
export interface KmsRegionOptions {
  /** `cn-hangzhou`; may be left out when there is an endpoint. */
  readonly regionId?: string | undefined;
  /** Host, in place of `kms.<regionId>.aliyuncs.com`. */
  readonly endpoint?: string | undefined;
  /** Uses `kms-vpc.<regionId>.aliyuncs.com`. @default false */
  readonly vpc?: boolean | string | undefined;
  /** Path of the PEM file with the CA to trust; an instance's gateway needs it. */
  readonly caFilePath?: string | undefined;
  /** The CA itself, in PEM. */
  readonly ca?: string | undefined;
}

interface AccessKeyFields {
  readonly accessKeyId: string;
  /** Also accepted as `accessKeySecret`. */
  readonly accessSecret: string;
}

interface RoleSessionFields {
  /** A policy that narrows the session, in JSON. */
  readonly policy?: string | undefined;
  /** Seconds. @default 3600 */
  readonly durationSeconds?: number | undefined;
  /** Host of STS. @default `sts.aliyuncs.com` */
  readonly stsEndpoint?: string | undefined;
  readonly stsRegionId?: string | undefined;
}

/** Who the application is towards the shared KMS, with the keys of the settings `credentials_…` in camel case. */
export type KmsCredentialsOptions =
  | ({ readonly type: 'ak' } & AccessKeyFields)
  | { readonly type: 'token'; readonly accessTokenId: string; readonly accessToken: string }
  | ({
      readonly type: 'sts' | 'ram_role';
      readonly roleArn: string;
      readonly roleSessionName: string;
    } & AccessKeyFields &
      RoleSessionFields)
  | { readonly type: 'ecs_ram_role'; readonly roleName?: string | undefined }
  | ({
      readonly type: 'oidc_role_arn';
      readonly roleArn?: string | undefined;
      readonly oidcProviderArn?: string | undefined;
      readonly oidcTokenFilePath?: string | undefined;
      readonly roleSessionName?: string | undefined;
    } & RoleSessionFields)
  | ({ readonly type: 'client_key' } & Pick<
      DedicatedKmsOptions,
      | 'clientKeyFile'
      | 'clientKey'
      | 'password'
      | 'passwordFromFilePath'
      | 'passwordFromEnvVariable'
      | 'passwordFromFilePathName'
    >);

/** Where secrets come from, and how long it may take. Durations are milliseconds. */
export interface KmsOptions {
  /**
   * Dedicated KMS instances. Instances or regions in code are all there are: the settings are not read for more.
   * @default the setting `cache_client_dkms_config_info`
   */
  readonly dedicated?: readonly DedicatedKmsOptions[] | undefined;
  /** Endpoints of the shared KMS. @default the setting `cache_client_region_id` */
  readonly regions?: readonly KmsRegionOptions[] | undefined;
  /**
   * Who the application is towards the shared KMS, or a provider of RAM credentials.
   * @default the setting `credentials_type`, or else the default chain of @alicloud/credentials
   */
  readonly credentials?: KmsCredentialsOptions | RamCredentialsProvider | undefined;
  /** Until a connection stands. @default 5000 */
  readonly connectTimeoutMs?: number | undefined;
  /** From then until an answer is read. @default 10000 */
  readonly readTimeoutMs?: number | undefined;
  /** For one fetch of a secret, retries and failover included. @default 30000 */
  readonly fetchTimeoutMs?: number | undefined;
  /** How long an endpoint may stay silent before the next is asked as well. @default 1000 */
  readonly hedgeDelayMs?: number | undefined;
}

/** Options of `ManagedCredentialsModule`. All are optional; what is missing is read through ConfigService. */
export interface ManagedCredentialsModuleOptions {
  /**
   * Path of a properties file with settings that ConfigService does not have; `false` for none.
   * @default `managed_credentials_providers.properties` in the working directory, if there is one
   */
  readonly configFile?: string | false | undefined;
  readonly kms?: KmsOptions | undefined;
  /** Secrets to fetch in the background at start-up. @default the setting `secret_names` */
  readonly secretNames?: readonly string[] | undefined;
  /** The refresh schedule. @default 6 h, 5 min after an announced rotation, up to 10 min of jitter */
  readonly refresh?: Partial<RefreshTimes> | undefined;
  /**
   * How long calls wait for the successor of a refused key while KMS does not offer it yet, in milliseconds; 0 does
   * not wait.
   * @default 5000
   */
  readonly expiredKeyWaitMs?: number | undefined;
  /**
   * `eager` fetches the secret of every client while the application starts, and fails the start when one cannot be
   * had; `lazy` fetches each at its first use.
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
