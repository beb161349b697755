import { readCertificateAuthority } from './certificate-authority.js';
import { findClientKeyPassword } from './client-key-password.js';
import type { DedicatedKmsSettings } from './kms-settings.js';
import { parseEndpoint } from './parse-endpoint.js';
import { readTextFile } from './read-file.js';
import type { SettingItem } from './setting-item.js';
import type { LayeredSettings } from './setting-source.js';

const FIELDS = [
  'regionId',
  'endpoint',
  'clientKeyFile',
  'clientKey',
  'password',
  'passwordFromFilePath',
  'passwordFromEnvVariable',
  'passwordFromFilePathName',
  'caFilePath',
  'ca',
  'ignoreSslCerts',
];

/** Reads one item of `cache_client_dkms_config_info`; undefined when it has problems, which are noted. */
export function readDedicatedKmsItem(
  item: SettingItem,
  settings: LayeredSettings,
): DedicatedKmsSettings | undefined {
  item.checkSpelling(FIELDS);
  const endpoint = parseEndpoint(item, item.text('endpoint'));
  const regionId = item.text('regionId')?.trim();
  const clientKey = readClientKey(item, settings);
  const password = findClientKeyPassword(item, settings);
  // The official Python client also takes the path of the CA in place of the boolean.
  const isCaPath = item.text('caFilePath') === undefined && item.namesFile('ignoreSslCerts');
  const ca = readCertificateAuthority(item, isCaPath ? 'ignoreSslCerts' : undefined);
  const ignoreSslCerts = !isCaPath && item.flag('ignoreSslCerts');
  if (ignoreSslCerts) {
    item.warn('ignoreSslCerts', 'is on, so whoever is in between can read the keys; set caFilePath instead');
  }
  if (endpoint === undefined || clientKey === undefined || password === undefined) return undefined;
  return { setting: item.setting, regionId, ...endpoint, clientKey, password, ca, ignoreSslCerts };
}

function readClientKey(item: SettingItem, settings: LayeredSettings): string | undefined {
  const inCode = item.text('clientKey');
  if (inCode !== undefined) return inCode;
  if (item.text('clientKeyFile') !== undefined) return item.file('clientKeyFile');
  // The official Java client is content with the general setting.
  const general = settings.text('client_key_private_key_path');
  const content = general === undefined ? undefined : readTextFile(general);
  if (content && 'text' in content) return content.text;
  if (!item.hasProblem(/^client_?key/i)) {
    item.report(
      'clientKeyFile',
      'is missing',
      'Name the client key file (clientKey_KAAP.….json) that the KMS console offered when the client key was created.',
    );
  }
  return undefined;
}
