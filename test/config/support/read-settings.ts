import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ConfigService } from '@nestjs/config';

import { ProblemCollector } from '../../../lib/config/configuration-error.js';
import type { KmsSettings } from '../../../lib/config/kms-settings.js';
import { propertiesSource } from '../../../lib/config/properties-file.js';
import { readKmsSettings, type KmsSettingsInCode } from '../../../lib/config/read-kms-settings.js';
import type { SettingSource } from '../../../lib/config/setting-source.js';

/** Settings by name, as text. */
export type TextSettings = Readonly<Record<string, string>>;

/**
 * Reads settings as the module does.
 *
 * @throws ConfigurationError
 */
export function readSettings(
  sources: readonly SettingSource[],
  inCode: KmsSettingsInCode = {},
): KmsSettings & { readonly warnings: readonly string[] } {
  const problems = new ProblemCollector();
  const settings = readKmsSettings(inCode, sources, problems);
  problems.throwIfAny();
  return { ...settings, warnings: problems.warnings };
}

/** ConfigService as a source. */
function configSource(config: ConfigService): SettingSource {
  return { name: 'ConfigService', get: (key) => config.get<unknown>(key) };
}

/** Reads settings from the environment of the process, through ConfigService. */
export function readFromEnvironment(settings: TextSettings) {
  const before = process.env;
  process.env = { ...before, ...settings };
  try {
    return readSettings([configSource(new ConfigService())]);
  } finally {
    process.env = before;
  }
}

/** Reads settings from what a config factory has loaded, its JSON parsed already. */
export function readFromFactory(settings: TextSettings) {
  return readSettings([configSource(new ConfigService(parsed(settings)))]);
}

/** Reads settings from a properties file. */
export function readFromPropertiesFile(settings: TextSettings) {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  try {
    const path = join(folder, 'test.properties');
    const lines = Object.entries(settings).map(([key, value]) => `${key}=${escape(value)}`);
    writeFileSync(path, lines.join('\n'));
    const source = propertiesSource(path, new ProblemCollector());
    return readSettings(source === undefined ? [] : [source]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Reads the same as options in code; what has no option stays a setting. */
export function readFromCode(settings: TextSettings) {
  const { cache_client_dkms_config_info, cache_client_region_id, secret_names, ...others } = parsed(settings);
  const credentials = Object.fromEntries(
    Object.entries(others).flatMap(([key, value]) => {
      const field = key.startsWith('credentials_') ? camelCase(key.slice('credentials_'.length)) : undefined;
      return field === undefined ? [] : [[field, value]];
    }),
  );
  const isClientKey = credentials['type'] === 'client_key';
  const { client_key_private_key_path, ...rest } = others;
  const config = new ConfigService(isClientKey ? rest : others);
  return readSettings([configSource(config)], {
    dedicated: cache_client_dkms_config_info,
    regions: cache_client_region_id,
    secretNames: typeof secret_names === 'string' ? namesIn(secret_names) : undefined,
    credentials:
      Object.keys(credentials).length === 0
        ? undefined
        : { ...credentials, ...(isClientKey ? { clientKeyFile: client_key_private_key_path } : {}) },
  });
}

const namesIn = (text: string) => [
  ...new Set(
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
];

function parsed(settings: TextSettings): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      value.startsWith('[') ? (JSON.parse(value) as unknown) : value,
    ]),
  );
}

const camelCase = (name: string) => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const escape = (value: string) =>
  value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
