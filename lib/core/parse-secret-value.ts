import { InvalidSecretError } from './errors.js';
import { isRecord } from './is-record.js';
import { ManagedCredentials } from './managed-credentials.js';
import type { RotationSchedule } from './refresh-policy.js';
import type { SecretValue } from './secret-value.js';

/** What the core keeps of a fetched secret: the key, and when KMS means to replace it. */
export interface FetchedSecret {
  readonly credentials: ManagedCredentials;
  readonly schedule: RotationSchedule;
}

/** Instants below this are seconds: as milliseconds they would lie before 1973, when there was no cloud. */
const SMALLEST_MILLISECOND_INSTANT = 100_000_000_000;

/** Of durations that are not in seconds. */
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads the access key and the rotation schedule out of a secret.
 *
 * Fields of the secret's JSON are accepted in both spellings in use (`AccessKeyId` and `accessKeyId`), numbers
 * also as strings, instants as ISO 8601, epoch seconds or epoch milliseconds. An optional field that cannot be
 * read counts as absent, since the key itself is good without it.
 *
 * @throws InvalidSecretError when there is no access key in it; the message never quotes the content.
 */
export function parseSecretValue(value: SecretValue, secretName: string, fetchedAt: number): FetchedSecret {
  const data = parseJsonObject(value.secretData);
  if (data === undefined) {
    throw new InvalidSecretError(secretName, `its value is not a JSON object${typeHint(value)}`);
  }
  const credentials = new ManagedCredentials({
    accessKeyId: requireText(data, 'AccessKeyId', value, secretName),
    accessKeySecret: requireText(data, 'AccessKeySecret', value, secretName),
    versionId: value.versionId,
    expiresAt: parseInstant(field(data, 'ExpireTimestamp')),
    generatedAt: parseInstant(field(data, 'GenerateTimestamp')),
    fetchedAt,
  });
  return {
    credentials,
    schedule: {
      nextRotationAt:
        parseInstant(value.nextRotationDate) ?? parseInstant(field(data, 'ScheduleRotateTimestamp')),
      timeToLiveMs: isManagedRamCredential(value)
        ? parseDurationMs(value.rotationInterval)
        : parseDurationMs(field(data, 'RefreshInterval')),
      expiresAt: credentials.expiresAt,
    },
  };
}

function parseJsonObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    // The parser's message quotes the text, so it must not go any further.
    return undefined;
  }
}

function field(data: Record<string, unknown>, name: string): unknown {
  return data[name] ?? data[name.charAt(0).toLowerCase() + name.slice(1)];
}

function requireText(
  data: Record<string, unknown>,
  name: string,
  value: SecretValue,
  secretName: string,
): string {
  const text = field(data, name);
  if (typeof text !== 'string' || text.trim() === '') {
    const state = text === undefined || text === null ? 'missing' : 'not a non-empty string';
    throw new InvalidSecretError(secretName, `"${name}" is ${state} in its value${typeHint(value)}`);
  }
  return text.trim();
}

function typeHint(value: SecretValue): string {
  return value.secretType ? ` (KMS says its type is "${value.secretType}")` : '';
}

function isManagedRamCredential(value: SecretValue): boolean {
  const subType = field(parseJsonObject(value.extendedConfig) ?? {}, 'SecretSubType');
  return (
    value.secretType?.toLowerCase() === 'ramcredentials' &&
    typeof subType === 'string' &&
    subType.toLowerCase() === 'ramuseraccesskey'
  );
}

function parseInstant(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const number = Number(value);
  if (Number.isFinite(number)) {
    // -1 is the official plugins' way to say "never".
    if (number <= 0) return undefined;
    return number < SMALLEST_MILLISECOND_INSTANT ? number * 1000 : number;
  }
  const instant = Date.parse(String(value));
  return Number.isNaN(instant) ? undefined : instant;
}

function parseDurationMs(value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const match = /^\s*(\d+(?:\.\d+)?)\s*([smhd]?)\s*$/i.exec(String(value));
  if (match === null) return undefined;
  const durationMs = Number(match[1]) * (UNIT_MS[String(match[2]).toLowerCase()] ?? 1000);
  return durationMs > 0 ? durationMs : undefined;
}
