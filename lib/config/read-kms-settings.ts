import { isRecord } from '../core/is-record.js';
import type { ProblemCollector } from './configuration-error.js';
import { readDedicatedKmsItem } from './dedicated-kms-item.js';
import type { DedicatedKmsSettings, KmsSettings } from './kms-settings.js';
import { SettingItem } from './setting-item.js';
import { LayeredSettings, type FoundSetting, type SettingSource } from './setting-source.js';

/** KMS settings given in code; they take precedence over all other sources. */
export interface KmsSettingsInCode {
  readonly dedicated?: readonly object[] | undefined;
  readonly secretNames?: readonly string[] | undefined;
}

const DEDICATED_KEY = 'cache_client_dkms_config_info';

/**
 * Reads everything about KMS from options in code and the sources in order of precedence.
 *
 * @returns the settings that could be read; all that could not is noted as problems
 */
export function readKmsSettings(
  inCode: KmsSettingsInCode,
  sources: readonly SettingSource[],
  problems: ProblemCollector,
): KmsSettings {
  const settings = new LayeredSettings(sources);
  const dedicated = readDedicated(inCode, settings, problems);
  if (dedicated.length === 0 && problems.problems.length === 0) {
    problems.add(
      DEDICATED_KEY,
      'no KMS instance is configured',
      `Set ${DEDICATED_KEY} in the environment to a JSON array like [{"endpoint":"<instance>.cryptoservice.kms.aliyuncs.com",` +
        '"clientKeyFile":"<path>","passwordFromFilePath":"<path>","caFilePath":"<path>"}], or give "kms.dedicated" in code.',
    );
  }
  return {
    dedicated,
    secretNames: inCode.secretNames ?? readNames(settings.find('secret_names'), problems),
    rotationIntervalMs: readDuration(settings.find('rotation_interval'), problems),
    delayIntervalMs: readDuration(settings.find('delay_interval'), problems),
  };
}

function readDedicated(
  inCode: KmsSettingsInCode,
  settings: LayeredSettings,
  problems: ProblemCollector,
): DedicatedKmsSettings[] {
  const found: FoundSetting | undefined =
    inCode.dedicated === undefined
      ? settings.find(DEDICATED_KEY)
      : { key: 'kms.dedicated', source: 'options in code', value: inCode.dedicated };
  return itemsOf(found, problems)
    .map((item) => readDedicatedKmsItem(item, settings))
    .filter((item) => item !== undefined);
}

function itemsOf(found: FoundSetting | undefined, problems: ProblemCollector): SettingItem[] {
  if (found === undefined) return [];
  const name = (index: number) => `${found.key}[${index}] (${found.source})`;
  const array = parseArray(found.value);
  if (array === undefined) {
    problems.add(
      `${found.key} (${found.source})`,
      'is not a JSON array',
      'Write it as [{"endpoint": …, …}], on one line and, in a shell, in single quotes.',
    );
    return [];
  }
  return array.flatMap((fields, index) => {
    if (isRecord(fields)) return [new SettingItem(name(index), fields, problems)];
    problems.add(name(index), 'is not an object', 'Write each KMS instance as an object in braces.');
    return [];
  });
}

function parseArray(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value !== 'string') return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) ? parsed : undefined;
  } catch {
    // The parser's message quotes the text, which may hold a password.
    return undefined;
  }
}

function readNames(found: FoundSetting | undefined, problems: ProblemCollector): string[] {
  if (found === undefined) return [];
  const names: unknown[] = Array.isArray(found.value)
    ? found.value
    : typeof found.value === 'string'
      ? found.value.split(',')
      : [undefined];
  if (names.every((name) => typeof name === 'string')) {
    return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
  }
  problems.add(`${found.key} (${found.source})`, 'is no list of names', 'Write names separated by commas.');
  return [];
}

function readDuration(found: FoundSetting | undefined, problems: ProblemCollector): number | undefined {
  if (found === undefined) return undefined;
  const durationMs = Number(found.value);
  if (Number.isFinite(durationMs) && durationMs > 0) return durationMs;
  problems.add(
    `${found.key} (${found.source})`,
    'is no positive number',
    'Write a duration in milliseconds, such as 21600000 for 6 hours.',
  );
  return undefined;
}
