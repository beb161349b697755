import type { EmulatedCloud } from './emulated-cloud.js';
import type { EmulatedRegion, EmulatorServers } from './emulator-servers.js';
import type { CredentialFiles } from './pki/credential-files.js';

/** Environment variables. */
export type AppEnvironment = Readonly<Record<string, string>>;

const SESSION_NAME = 'emulator-app';

/**
 * How an app proves to the shared KMS who it is: the values of `credentials_type`. With `ecs_ram_role` the SDKs ask
 * a fixed address, not the emulator: see `endpoints.metadata`.
 */
export type KmsCredentialsType =
  'ak' | 'token' | 'sts' | 'ram_role' | 'client_key' | 'oidc_role_arn' | 'ecs_ram_role';

/** What kind of environment is wanted. */
export interface SharedKmsEnvOptions {
  /** The value of `credentials_type`. @default 'ak' */
  readonly type?: KmsCredentialsType;
}

/** What an app must have in its environment to take its secrets from the dedicated KMS of some regions. */
export function dedicatedKmsEnvironment(
  regions: readonly EmulatedRegion[],
  files: CredentialFiles,
): AppEnvironment {
  const items = regions.map(({ regionId, endpoints }) => ({
    regionId,
    endpoint: new URL(endpoints.dedicatedKms).host,
    clientKeyFile: files.clientKeyFile,
    passwordFromFilePath: files.passwordFile,
    caFilePath: files.caFile,
  }));
  return Object.freeze({ cache_client_dkms_config_info: JSON.stringify(items) });
}

/** What an app must have in its environment to take its secrets from the shared KMS of every region. */
export function sharedKmsEnvironment(
  { regions, endpoints }: EmulatorServers,
  cloud: EmulatedCloud,
  { type = 'ak' }: SharedKmsEnvOptions,
): AppEnvironment {
  const items = regions.map((region) => ({
    regionId: region.regionId,
    endpoint: new URL(region.endpoints.kms).host,
    caFilePath: cloud.files.caFile,
  }));
  return Object.freeze({
    cache_client_region_id: JSON.stringify(items),
    credentials_type: type,
    ...credentials(type, cloud, new URL(endpoints.sts).host),
  });
}

function credentials(
  type: KmsCredentialsType,
  { kmsIdentity, role, oidc, files }: EmulatedCloud,
  stsEndpoint: string,
): AppEnvironment {
  const accessKey = {
    credentials_access_key_id: kmsIdentity.accessKeyId,
    credentials_access_secret: kmsIdentity.accessKeySecret,
  };
  const session = {
    credentials_role_session_name: SESSION_NAME,
    credentials_role_arn: role.arn,
    credentials_sts_endpoint: stsEndpoint,
  };
  switch (type) {
    case 'ak':
      return accessKey;
    case 'token':
      return {
        credentials_access_token_id: kmsIdentity.accessKeyId,
        credentials_access_token: kmsIdentity.accessKeySecret,
      };
    case 'sts':
    case 'ram_role':
      return { ...accessKey, ...session };
    case 'client_key':
      return {
        client_key_private_key_path: files.clientKeyFile,
        client_key_password_from_file_path: files.passwordFile,
      };
    case 'oidc_role_arn':
      return {
        ...session,
        credentials_oidc_provider_arn: oidc.providerArn,
        credentials_oidc_token_file_path: files.oidcTokenFile,
      };
    case 'ecs_ram_role':
      return { credentials_role_name: role.name };
  }
}
