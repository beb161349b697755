import type { RamCredentialsProvider } from './config/ram-credentials-provider.js';

/**
 * A dedicated KMS instance, with the keys of the JSON setting `cache_client_dkms_config_info`. Content can be given
 * in place of each file.
 */
export interface DedicatedKmsOptions {
  /** Named in events and metrics; the endpoint decides who is asked. */
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

/** The AccessKey of a RAM user who may do nothing but read secrets. */
export interface AccessKeyFields {
  /** The id of the AccessKey of a RAM user. */
  readonly accessKeyId: string;
  /** The secret of that AccessKey; also accepted as `accessKeySecret`. */
  readonly accessSecret: string;
}

/** What a session of a RAM role may be restricted to, and where it is asked for. */
export interface RoleSessionFields {
  /** A policy that narrows the session, in JSON. */
  readonly policy?: string | undefined;
  /** Seconds. @default 3600 */
  readonly durationSeconds?: number | undefined;
  /** Host of STS. @default `sts.aliyuncs.com` */
  readonly stsEndpoint?: string | undefined;
  /** Region whose STS is asked, when there is no `stsEndpoint`. */
  readonly stsRegionId?: string | undefined;
}

/** An AccessKey. */
export interface AccessKeyCredentials extends AccessKeyFields {
  /** Tells the kinds apart. */
  readonly type: 'ak';
}

/** An AccessKey, under the names that the official plugins have for a token. */
export interface AccessTokenCredentials {
  /** Tells the kinds apart. */
  readonly type: 'token';
  /** The id of the AccessKey. */
  readonly accessTokenId: string;
  /** The secret of the AccessKey. */
  readonly accessToken: string;
}

/** A role that the AccessKey may assume. */
export interface RoleCredentials extends AccessKeyFields, RoleSessionFields {
  /** Tells the kinds apart; both mean the same. */
  readonly type: 'sts' | 'ram_role';
  /** `acs:ram::<account>:role/<name>`. */
  readonly roleArn: string;
  /** Tells the sessions of a role apart in audit logs. */
  readonly roleSessionName: string;
}

/** The role of the ECS instance that the application runs on. */
export interface EcsRoleCredentials {
  /** Tells the kinds apart. */
  readonly type: 'ecs_ram_role';
  /** @default what the metadata server says */
  readonly roleName?: string | undefined;
}

/** A role that the token of an OIDC provider may assume, as in a Kubernetes cluster with RRSA. */
export interface OidcRoleCredentials extends RoleSessionFields {
  /** Tells the kinds apart. */
  readonly type: 'oidc_role_arn';
  /** `acs:ram::<account>:role/<name>`. @default the environment variable `ALIBABA_CLOUD_ROLE_ARN` */
  readonly roleArn?: string | undefined;
  /** @default the environment variable `ALIBABA_CLOUD_OIDC_PROVIDER_ARN` */
  readonly oidcProviderArn?: string | undefined;
  /** Path of the file with the token. @default the environment variable `ALIBABA_CLOUD_OIDC_TOKEN_FILE` */
  readonly oidcTokenFilePath?: string | undefined;
  /** Tells the sessions of a role apart in audit logs. */
  readonly roleSessionName?: string | undefined;
}

/** A client key of an application access point. */
export interface ClientKeyCredentials extends Pick<
  DedicatedKmsOptions,
  | 'clientKeyFile'
  | 'clientKey'
  | 'password'
  | 'passwordFromFilePath'
  | 'passwordFromEnvVariable'
  | 'passwordFromFilePathName'
> {
  /** Tells the kinds apart. */
  readonly type: 'client_key';
}

/** Who the application is towards the shared KMS, with the keys of the settings `credentials_…` in camel case. */
export type KmsCredentialsOptions =
  | AccessKeyCredentials
  | AccessTokenCredentials
  | RoleCredentials
  | EcsRoleCredentials
  | OidcRoleCredentials
  | ClientKeyCredentials;

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
