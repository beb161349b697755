import { findClientKeyPassword } from './client-key-password.js';
import type { DedicatedKmsSettings } from './kms-settings.js';
import { parseEndpoint } from './parse-endpoint.js';
import type { SettingItem } from './setting-item.js';
import type { LayeredSettings } from './setting-source.js';

/** Reads one item of `cache_client_dkms_config_info`; undefined when it has problems, which are noted. */
export function readDedicatedKmsItem(
  item: SettingItem,
  settings: LayeredSettings,
): DedicatedKmsSettings | undefined {
  const endpoint = parseEndpoint(item);
  const clientKey = item.text('clientKey') ?? item.file('clientKeyFile');
  if (clientKey === undefined && !item.hasProblem(/^clientKey/)) {
    item.report(
      'clientKeyFile',
      'is missing',
      'Name the client key file (clientKey_KAAP.….json) that the KMS console offered when the client key was created.',
    );
  }
  const password = findClientKeyPassword(item, settings);
  const ca = item.text('ca') ?? readCa(item);
  const ignoreSslCerts = item.flag('ignoreSslCerts');
  if (endpoint === undefined || clientKey === undefined || password === undefined) return undefined;
  return { setting: item.setting, ...endpoint, clientKey, password, ca, ignoreSslCerts };
}

/** `caFilePath` is a path; the official Go client also takes the certificates themselves there. */
function readCa(item: SettingItem): string | undefined {
  const value = item.text('caFilePath');
  const content = value?.includes('-----BEGIN') ? value : item.file('caFilePath');
  if (content === undefined || content.includes('-----BEGIN CERTIFICATE-----')) return content;
  item.report(
    'caFilePath',
    'the file holds no PEM certificate',
    'Use the file PrivateKmsCA_kst-….pem that the KMS console offers for the instance.',
  );
  return undefined;
}
