import type { EmulatedRegion } from './emulator-servers.js';
import type { CredentialFiles } from './pki/credential-files.js';

/** Environment variables. */
export type AppEnvironment = Readonly<Record<string, string>>;

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
