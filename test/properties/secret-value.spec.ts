import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { InvalidSecretError } from '../../lib/core/errors.js';
import { parseSecretValue, type FetchedSecret } from '../../lib/core/parse-secret-value.js';
import type { SecretValue } from '../../lib/core/secret-value.js';
import { holds } from '../support/property-runs.js';

const PLANTED = 'Planted0123456789Secret';
const FETCHED_AT = 1_700_000_000_000;

/** Anything that JSON can hold, with a planted secret among its texts. */
const json = fc.jsonValue({ maxDepth: 2 });
const text = fc.oneof(fc.constant(PLANTED), fc.string(), json);
const field = (name: string) => fc.constantFrom(name, name.charAt(0).toLowerCase() + name.slice(1));

/** An object with fields of a RAM credential in any spelling, each with any value. */
const almostCredential = fc
  .array(
    fc.tuple(
      fc.oneof(
        field('AccessKeyId'),
        field('AccessKeySecret'),
        field('ExpireTimestamp'),
        field('GenerateTimestamp'),
        field('RefreshInterval'),
        field('ScheduleRotateTimestamp'),
        fc.string(),
      ),
      text,
    ),
  )
  .map((entries) => JSON.stringify(Object.fromEntries(entries)));

const secretData = fc.oneof(
  almostCredential,
  json.map((value) => JSON.stringify(value)),
  fc.string(),
  fc.constant(`{"AccessKeyId":"${PLANTED}`),
);

const optional = (arbitrary: fc.Arbitrary<string>) => fc.option(arbitrary, { nil: undefined });
const secretValue: fc.Arbitrary<SecretValue> = fc.record({
  secretName: fc.string(),
  versionId: fc.string(),
  secretData,
  secretType: optional(fc.constantFrom('RAMCredentials', 'ramcredentials', 'Generic', '')),
  extendedConfig: optional(fc.oneof(fc.constant('{"SecretSubType":"RamUserAccessKey"}'), fc.string())),
  createTime: optional(fc.string()),
  nextRotationDate: optional(
    fc.oneof(
      fc.string(),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    ),
  ),
  rotationInterval: optional(
    fc.oneof(
      fc.string(),
      fc.integer().map((seconds) => `${seconds}s`),
    ),
  ),
});

function parse(value: SecretValue): FetchedSecret | InvalidSecretError {
  try {
    return parseSecretValue(value, 'the-secret', FETCHED_AT);
  } catch (error) {
    if (error instanceof InvalidSecretError) return error;
    throw error;
  }
}

const key = fc.string({ minLength: 1 }).map((name) => `K${name.trim()}`);

describe('whatever KMS answers as a secret', () => {
  it('is one whole key, or an error that says what to do and quotes nothing', () => {
    holds(
      fc.property(secretValue, (value) => {
        const outcome = parse(value);
        if (outcome instanceof InvalidSecretError) {
          const isQuoted = inspect(outcome, { depth: 9 }).includes(PLANTED);
          const saysWhatToDo = outcome.message.includes('Name a managed RAM credential');
          return saysWhatToDo && !isQuoted;
        }
        const { credentials, schedule } = outcome;
        const data = JSON.parse(value.secretData) as Record<string, unknown>;
        const given = (name: string) =>
          String(data[name] ?? data[name.charAt(0).toLowerCase() + name.slice(1)]).trim();
        const instants = [credentials.expiresAt, credentials.generatedAt, schedule.nextRotationAt];
        expect({
          id: credentials.accessKeyId,
          secret: credentials.accessKeySecret,
          isWhole: credentials.accessKeyId !== '' && credentials.accessKeySecret !== '',
          isFrozen: Object.isFrozen(credentials),
          areInstants: instants.every((instant) => instant === undefined || Number.isFinite(instant)),
          isAhead: (schedule.timeToLiveMs ?? 1) > 0,
        }).toEqual({
          id: given('AccessKeyId'),
          secret: given('AccessKeySecret'),
          isWhole: true,
          isFrozen: true,
          areInstants: true,
          isAhead: true,
        });
        return true;
      }),
    );
  });

  it('a key comes out as it went in, in both spellings, whatever else stands beside it', () => {
    holds(
      fc.property(
        key,
        key,
        fc.boolean(),
        fc.dictionary(fc.string(), json),
        (id, secret, isCamelCase, others) => {
          const fields = isCamelCase
            ? { accessKeyId: id, accessKeySecret: secret }
            : { AccessKeyId: id, AccessKeySecret: secret };
          const {
            accessKeyId: _1,
            accessKeySecret: _2,
            AccessKeyId: _3,
            AccessKeySecret: _4,
            ...beside
          } = others;
          const value = {
            secretName: 's',
            versionId: 'v1',
            secretData: JSON.stringify({ ...beside, ...fields }),
          };
          const { credentials } = parseSecretValue(value, 's', FETCHED_AT);
          expect([credentials.accessKeyId, credentials.accessKeySecret]).toEqual([id.trim(), secret.trim()]);
          const shown = `${String(credentials)} ${inspect(credentials)} ${JSON.stringify(credentials)}`;
          expect(secret.length > 20 && shown.includes(secret)).toBe(false);
        },
      ),
    );
  });
});
