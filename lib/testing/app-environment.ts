import type { EmulatedCloud } from './emulated-cloud.js';
import type { EmulatedRegion } from './emulator-servers.js';
import type { CredentialFiles } from './pki/credential-files.js';

/** Environment variables. */
export type AppEnvironment = Readonly<Record<string, string>>;

/** How an app proves to the shared KMS who it is: the values of `credentials_type`. */
export type KmsCredentialsType = 'ak' | 'token' | 'client_key';

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

/** What an app must have in its environment to take its secrets from the shared KMS of some regions. */
export function sharedKmsEnvironment(
  regions: readonly EmulatedRegion[],
  cloud: EmulatedCloud,
  { type = 'ak' }: SharedKmsEnvOptions,
): AppEnvironment {
  const items = regions.map(({ regionId, endpoints }) => ({
    regionId,
    endpoint: new URL(endpoints.kms).host,
    caFilePath: cloud.files.caFile,
  }));
  return Object.freeze({
    cache_client_region_id: JSON.stringify(items),
    credentials_type: type,
    ...credentials(type, cloud),
  });
}

function credentials(type: KmsCredentialsType, { kmsIdentity, files }: EmulatedCloud): AppEnvironment {
  switch (type) {
    case 'ak':
      return {
        credentials_access_key_id: kmsIdentity.accessKeyId,
        credentials_access_secret: kmsIdentity.accessKeySecret,
      };
    case 'token':
      return {
        credentials_access_token_id: kmsIdentity.accessKeyId,
        credentials_access_token: kmsIdentity.accessKeySecret,
      };
    case 'client_key':
      return {
        client_key_private_key_path: files.clientKeyFile,
        client_key_password_from_file_path: files.passwordFile,
      };
  }
}
