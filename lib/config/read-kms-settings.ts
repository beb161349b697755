import { isRecord } from '../core/is-record.js';
import type { ProblemCollector } from './configuration-error.js';
import { readDedicatedKmsItem } from './dedicated-kms-item.js';
import { readKmsCredentials } from './kms-credentials.js';
import type { EndpointSettings, KmsSettings } from './kms-settings.js';
import { readRegionItem } from './region-item.js';
import { SettingItem } from './setting-item.js';
import { LayeredSettings, type FoundSetting, type SettingSource } from './setting-source.js';

/** KMS settings given in code; each takes precedence over all other sources. */
export interface KmsSettingsInCode {
  readonly dedicated?: unknown;
  readonly regions?: unknown;
  readonly credentials?: unknown;
  readonly secretNames?: readonly string[] | undefined;
}

const DEDICATED_KEY = 'cache_client_dkms_config_info';
const REGIONS_KEY = 'cache_client_region_id';

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
  // Instances or regions in code are the whole list: whoever writes one down means that one, and not another besides.
  const isInCode = inCode.dedicated !== undefined || inCode.regions !== undefined;
  const itemsFrom = (key: string, name: string, value: unknown) =>
    itemsOf(isInCode ? foundInCode(name, value) : settings.find(key), problems);

  const dedicated = distinct(
    itemsFrom(DEDICATED_KEY, 'kms.dedicated', inCode.dedicated).map((item) =>
      readDedicatedKmsItem(item, settings),
    ),
  );
  const regionItems = itemsFrom(REGIONS_KEY, 'kms.regions', inCode.regions);
  const regions = distinct(regionItems.map(readRegionItem));
  const credentials =
    regionItems.length === 0 ? undefined : readKmsCredentials(inCode.credentials, settings, problems);
  if (dedicated.length === 0 && regions.length === 0 && problems.problems.length === 0) reportNoKms(problems);
  return {
    dedicated,
    regions,
    credentials,
    secretNames: inCode.secretNames ?? readNames(settings.find('secret_names'), problems),
    // The official Java plugin documents it by the second name.
    rotationIntervalMs: readDuration(
      settings.find('rotation_interval') ?? settings.find('refresh_secret_ttl'),
      problems,
    ),
    delayIntervalMs: readDuration(settings.find('delay_interval'), problems),
  };
}

function foundInCode(key: string, value: unknown): FoundSetting | undefined {
  return value === undefined ? undefined : { key, source: 'options in code', value };
}

function reportNoKms(problems: ProblemCollector): void {
  problems.add(
    `${DEDICATED_KEY}, ${REGIONS_KEY}`,
    'no KMS is configured',
    `For a dedicated instance set ${DEDICATED_KEY} to a JSON array like [{"endpoint":"<instance>.cryptoservice.kms.aliyuncs.com",` +
      '"clientKeyFile":"<path>","passwordFromFilePath":"<path>","caFilePath":"<path>"}]; ' +
      `for the shared KMS set ${REGIONS_KEY} to one like [{"regionId":"cn-hangzhou"}]; or give "kms" in code. ` +
      'A .env file counts when the application imports ConfigModule.forRoot().',
  );
}

function itemsOf(found: FoundSetting | undefined, problems: ProblemCollector): SettingItem[] {
  if (found === undefined) return [];
  const name = (index: number) => `${found.key}[${index}] (${found.source})`;
  const array = parseArray(found.value);
  if ('reason' in array) {
    problems.add(
      `${found.key} (${found.source})`,
      `is not a JSON array: ${array.reason}`,
      'Write it as [{"endpoint": …, …}], on one line and, in a shell, in single quotes.',
    );
    return [];
  }
  return array.items.flatMap((fields, index) => {
    if (isRecord(fields)) return [new SettingItem(name(index), fields, problems)];
    problems.add(name(index), 'is not an object', 'Write each as an object in braces.');
    return [];
  });
}

function parseArray(value: unknown): { items: readonly unknown[] } | { reason: string } {
  if (Array.isArray(value)) return { items: value as unknown[] };
  if (isRecord(value)) return { reason: 'it is one object' };
  if (typeof value !== 'string') return { reason: value === null ? 'it is null' : `it is a ${typeof value}` };
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'string' ? { reason: 'it is a string' } : parseArray(parsed);
  } catch (error) {
    // The parser's message quotes the text, which may hold a password; most of its forms also name a place.
    const [, position] = /\bat position (\d+)/.exec(String(error)) ?? [];
    const place = position === undefined ? '' : ` at character ${Number(position) + 1}`;
    return { reason: `its syntax is wrong${place}` };
  }
}

/** Without those that had problems, and without repetitions, which would only double the load on an endpoint. */
function distinct<Settings extends EndpointSettings>(items: readonly (Settings | undefined)[]): Settings[] {
  const byEndpoint = new Map<string, Settings>();
  for (const item of items.filter((candidate) => candidate !== undefined)) {
    const endpoint = `${item.hostname.toLowerCase()}:${item.port ?? 443}`;
    if (!byEndpoint.has(endpoint)) byEndpoint.set(endpoint, item);
  }
  return [...byEndpoint.values()];
}

function readNames(found: FoundSetting | undefined, problems: ProblemCollector): string[] {
  if (found === undefined) return [];
  const { value } = found;
  const names: unknown[] =
    typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [undefined];
  if (names.every((name) => typeof name === 'string')) {
    return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
  }
  problems.add(`${found.key} (${found.source})`, 'is no list of names', 'Write names separated by commas.');
  return [];
}

function readDuration(found: FoundSetting | undefined, problems: ProblemCollector): number | undefined {
  if (found === undefined) return undefined;
  const { value } = found;
  const durationMs = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  if (Number.isFinite(durationMs) && durationMs > 0) return durationMs;
  problems.add(
    `${found.key} (${found.source})`,
    'is no positive number',
    'Write a duration in milliseconds, such as 21600000 for 6 hours.',
  );
  return undefined;
}
