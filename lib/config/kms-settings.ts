import type { RamCredentialsProvider } from './ram-credentials-provider.js';

/** Where a KMS endpoint is, and whom to trust there. */
export interface EndpointSettings {
  /** Which setting it came from, for messages. */
  readonly setting: string;
  readonly hostname: string;
  /** As it was configured; absent when only the endpoint was. */
  readonly regionId?: string | undefined;
  /** @default 443 */
  readonly port?: number | undefined;
  /** PEM certificates to trust in place of the system's. */
  readonly ca?: string | undefined;
}

/** A client key as it was given: the content of its file, and its password. */
export interface ClientKeySettings {
  /** Which setting it came from, for messages. */
  readonly setting: string;
  /** The client key's JSON. */
  readonly clientKey: string;
  readonly password: string;
}

/** A dedicated KMS instance that is called with a client key, over its own protocol. */
export interface DedicatedKmsSettings extends EndpointSettings, ClientKeySettings {
  readonly ignoreSslCerts: boolean;
}

/** A KMS endpoint that is called over the OpenAPI: a region's, or an instance's gateway with RAM credentials. */
export type RegionSettings = EndpointSettings;

/** Who the application is towards the shared KMS: validated, one shape for each kind. */
export type KmsCredentialsSettings =
  /** An access key as it is. */
  | { readonly kind: 'accessKey'; readonly accessKeyId: string; readonly accessKeySecret: string }
  /** A role that an access key assumes. */
  | {
      readonly kind: 'assumedRole';
      readonly accessKeyId: string;
      readonly accessKeySecret: string;
      readonly roleArn: string;
      readonly roleSessionName: string;
      readonly policy?: string | undefined;
      readonly durationSeconds?: number | undefined;
      readonly stsEndpoint?: string | undefined;
      readonly stsRegionId?: string | undefined;
    }
  /** The role of the ECS instance. */
  | { readonly kind: 'ecsRole'; readonly roleName?: string | undefined }
  /** A role assumed with an OIDC token (RRSA); what is missing is taken from the environment. */
  | {
      readonly kind: 'oidcRole';
      readonly roleArn?: string | undefined;
      readonly oidcProviderArn?: string | undefined;
      readonly oidcTokenFilePath?: string | undefined;
      readonly roleSessionName?: string | undefined;
      readonly policy?: string | undefined;
      readonly durationSeconds?: number | undefined;
      readonly stsEndpoint?: string | undefined;
      readonly stsRegionId?: string | undefined;
    }
  /** A client key, which signs each request. */
  | ({ readonly kind: 'clientKey' } & ClientKeySettings)
  /** Whatever the default chain of @alicloud/credentials finds. */
  | { readonly kind: 'defaultChain' }
  /** A provider that was given in code. */
  | { readonly kind: 'provider'; readonly provider: RamCredentialsProvider };

/** Everything about KMS that the module was configured with. */
export interface KmsSettings {
  readonly dedicated: readonly DedicatedKmsSettings[];
  readonly regions: readonly RegionSettings[];
  /** Present when there are regions. */
  readonly credentials?: KmsCredentialsSettings | undefined;
  /** Secrets to fetch in the background at start-up. */
  readonly secretNames: readonly string[];
  readonly rotationIntervalMs?: number | undefined;
  readonly delayIntervalMs?: number | undefined;
}
