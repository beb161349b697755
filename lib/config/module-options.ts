import { isRecord } from '../core/is-record.js';
import type { ProblemCollector } from './configuration-error.js';
import { SettingItem, type DurationRange } from './setting-item.js';

const OPTIONS = [
  'configFile',
  'kms',
  'secretNames',
  'refresh',
  'expiredKeyWaitMs',
  'startup',
  'startupTimeoutMs',
  'fileCache',
  'akExpireHandler',
];
const KMS_TIMES = ['connectTimeoutMs', 'readTimeoutMs', 'fetchTimeoutMs'];
const KMS_OPTIONS = ['dedicated', 'regions', 'credentials', 'hedgeDelayMs', ...KMS_TIMES];

const DAY_MS = 24 * 60 * 60_000;
/** Somebody waits for the end of it: a longer one is a mistake, and Node's timers end at 24 days. */
const WAIT: DurationRange = { leastMs: 0, mostMs: DAY_MS };
const TIME_OUT: DurationRange = { ...WAIT, leastMs: 1 };
/** For the schedule, whose waits are made of several timers. */
const DELAY: DurationRange = { leastMs: 0, mostMs: 3650 * DAY_MS };
const INTERVAL: DurationRange = { ...DELAY, leastMs: 1 };

/** The length of a raw AES-256 key. */
const RAW_KEY_BYTES = 32;

/**
 * Notes what is wrong with the options of the module that were given in code, apart from the KMS endpoints and
 * credentials among them, which are read with their settings. Types say the same; but options often come out of
 * `ConfigService.get()` or plain JavaScript.
 */
export function checkModuleOptions(
  options: Readonly<Record<string, unknown>>,
  problems: ProblemCollector,
): void {
  const item = new SettingItem('', options, problems);
  item.checkSpelling(OPTIONS);
  for (const extra of ['clients', 'isGlobal']) {
    if (options[extra] !== undefined) {
      item.report(extra, 'comes out of a factory', 'Put it beside "useFactory", as it shapes the module.');
    }
  }
  const { startup, configFile, akExpireHandler } = options;
  if (startup !== undefined && startup !== 'eager' && startup !== 'lazy') {
    item.report('startup', 'is neither "eager" nor "lazy"', 'Write one of them.');
  }
  if (configFile !== false) item.text('configFile');
  if (akExpireHandler !== undefined && !isHandlerOption(akExpireHandler)) {
    item.report(
      'akExpireHandler',
      'has no method judgeAkExpire()',
      'Give an object that has it, or a class of such objects.',
    );
  }
  item.checkDuration('expiredKeyWaitMs', WAIT);
  item.checkDuration('startupTimeoutMs', TIME_OUT);
  checkSecretNames(item, options['secretNames']);
  checkKmsTimes(item.object('kms'));
  checkRefreshTimes(item.object('refresh'));
  checkFileCache(item.object('fileCache'), options['fileCache']);
}

function checkSecretNames(item: SettingItem, names: unknown): void {
  if (names === undefined) return;
  const areNames =
    Array.isArray(names) && names.every((name) => typeof name === 'string' && name.trim() !== '');
  if (!areNames) item.report('secretNames', 'is no array of names', 'Write ["first", "second"].');
}

function checkKmsTimes(kms: SettingItem | undefined): void {
  kms?.checkSpelling(KMS_OPTIONS);
  for (const name of KMS_TIMES) kms?.checkDuration(name, TIME_OUT);
  kms?.checkDuration('hedgeDelayMs', WAIT);
}

function checkRefreshTimes(refresh: SettingItem | undefined): void {
  refresh?.checkSpelling(['rotationIntervalMs', 'delayIntervalMs', 'jitterMs']);
  refresh?.checkDuration('rotationIntervalMs', INTERVAL);
  refresh?.checkDuration('delayIntervalMs', DELAY);
  refresh?.checkDuration('jitterMs', DELAY);
}

function checkFileCache(item: SettingItem | undefined, fileCache: unknown): void {
  if (item === undefined || !isRecord(fileCache)) return;
  item.checkSpelling(['directory', 'key']);
  if (item.text('directory') === undefined && !item.hasProblem(/^directory$/)) {
    item.report('directory', 'is missing', 'Name a directory for this purpose alone.');
  }
  if (!isCacheKey(fileCache['key'])) {
    item.report(
      'key',
      `is neither a passphrase nor a key of ${RAW_KEY_BYTES} bytes`,
      `Give a passphrase, or ${RAW_KEY_BYTES} random bytes as a Buffer.`,
    );
  }
}

function isCacheKey(key: unknown): boolean {
  return typeof key === 'string' ? key !== '' : key instanceof Uint8Array && key.length === RAW_KEY_BYTES;
}

function isHandlerOption(option: unknown): boolean {
  return typeof option === 'function' || (isRecord(option) && typeof option['judgeAkExpire'] === 'function');
}
