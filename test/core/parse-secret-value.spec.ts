import { describe, expect, it } from '@jest/globals';

import { InvalidSecretError } from '../../lib/core/errors.js';
import { parseSecretValue } from '../../lib/core/parse-secret-value.js';
import type { SecretValue } from '../../lib/core/secret-value.js';

const FETCHED_AT = 1_704_067_200_000;
const KEY = { AccessKeyId: 'LTAI5tAbcdefghijklmn9xYz', AccessKeySecret: 'the-secret' };

function parse(data: unknown, fields: Partial<SecretValue> = {}) {
  const secretData = typeof data === 'string' ? data : JSON.stringify(data);
  return parseSecretValue({ secretName: 'app', versionId: 'v1', secretData, ...fields }, 'app', FETCHED_AT);
}

const RAM = { secretType: 'RAMCredentials', extendedConfig: '{"SecretSubType":"RamUserAccessKey"}' };

describe('reading a secret', () => {
  it('takes the key, the version and the time of the fetch', () => {
    const { credentials } = parse(KEY);
    expect(credentials).toMatchObject({
      accessKeyId: KEY.AccessKeyId,
      accessKeySecret: KEY.AccessKeySecret,
      versionId: 'v1',
      fetchedAt: FETCHED_AT,
    });
    expect(credentials).not.toHaveProperty('expiresAt');
  });

  it('takes both spellings of its fields', () => {
    const { credentials } = parse({
      accessKeyId: 'LTAI5tx',
      accessKeySecret: 's',
      expireTimestamp: 1_800_000_000,
    });
    expect(credentials).toMatchObject({
      accessKeyId: 'LTAI5tx',
      accessKeySecret: 's',
      expiresAt: 1_800_000_000_000,
    });
  });

  it.each([
    ['ISO 8601', '2024-01-01T00:00:00Z', 1_704_067_200_000],
    ['epoch seconds', 1_704_067_200, 1_704_067_200_000],
    ['epoch milliseconds', 1_704_067_200_000, 1_704_067_200_000],
    ['a number in a string', '1704067200000', 1_704_067_200_000],
    ['-1, which means never', -1, undefined],
    ['0', 0, undefined],
    ['an empty text', '', undefined],
    ['a truth value', true, undefined],
    ['an object that is no text', { toString: 5, valueOf: 5 }, undefined],
    ['nonsense', 'soon', undefined],
    ['an object', {}, undefined],
  ])('reads an instant given as %s', (_form, value, expected) => {
    const { credentials } = parse({ ...KEY, ExpireTimestamp: value, GenerateTimestamp: value });
    expect(credentials.expiresAt).toBe(expected);
    expect(credentials.generatedAt).toBe(expected);
  });

  it('takes the announced rotation from KMS before that in the value', () => {
    const data = { ...KEY, ScheduleRotateTimestamp: 1_800_000_000 };
    expect(parse(data).schedule.nextRotationAt).toBe(1_800_000_000_000);
    expect(parse(data, { nextRotationDate: '2024-01-02T00:00:00Z' }).schedule.nextRotationAt).toBe(
      Date.parse('2024-01-02T00:00:00Z'),
    );
  });

  it.each([
    ['604800s', 604_800_000],
    ['3600', 3_600_000],
    ['7d', 604_800_000],
    [' 90 M ', 5_400_000],
    ['1.25h', 4_500_000],
    ['0s', undefined],
    ['weekly', undefined],
    ['about 7d', undefined],
    ['7 days', undefined],
    ['7d later', undefined],
    ['', undefined],
  ])('reads a rotation interval of %p', (rotationInterval, expected) => {
    expect(parse(KEY, { ...RAM, rotationInterval }).schedule.timeToLiveMs).toBe(expected);
  });

  it('takes the time to live of other secrets from their value, as text or number', () => {
    expect(parse({ ...KEY, refreshInterval: '3600s' }, { secretType: 'Generic' }).schedule.timeToLiveMs).toBe(
      3_600_000,
    );
    expect(parse({ ...KEY, RefreshInterval: 60 }, { secretType: 'Generic' }).schedule.timeToLiveMs).toBe(
      60_000,
    );
    expect(parse({ ...KEY, refreshInterval: 60 }, { ...RAM }).schedule.timeToLiveMs).toBeUndefined();
  });

  it.each([
    ['of another type', { ...RAM, secretType: 'Generic' }],
    ['of another subtype', { ...RAM, extendedConfig: '{"SecretSubType":"Other"}' }],
    ['whose subtype is no text', { ...RAM, extendedConfig: '{"SecretSubType":5}' }],
    ['whose configuration cannot be read', { ...RAM, extendedConfig: '{' }],
  ])('takes a secret %s for one that is not managed by KMS', (_what, fields) => {
    const { schedule } = parse({ ...KEY, RefreshInterval: 60 }, { ...fields, rotationInterval: '7d' });
    expect(schedule.timeToLiveMs).toBe(60_000);
  });

  it('takes a time to live that is neither text nor number for none', () => {
    const { schedule } = parse({ ...KEY, RefreshInterval: { toString: 5 } });
    expect(schedule.timeToLiveMs).toBeUndefined();
  });

  it('takes a key without the blanks and line ends around it', () => {
    const { credentials } = parse({ AccessKeyId: ' LTAI5tx\n', AccessKeySecret: '\ts\r\n' });
    expect([credentials.accessKeyId, credentials.accessKeySecret]).toEqual(['LTAI5tx', 's']);
  });

  it.each([
    ['without the field', {}, /"AccessKeySecret" is missing.*"Generic"/s],
    ['with nothing in it', { AccessKeySecret: null }, /"AccessKeySecret" is missing.*"Generic"/s],
    ['with a blank text in it', { AccessKeySecret: ' ' }, /"AccessKeySecret" is not a non-empty.*"Generic"/s],
    ['without JSON', undefined, /not a JSON object.*"Generic"/s],
  ])('says what is wrong with a value %s, and what type KMS says it is of', (_what, fields, message) => {
    const data = fields ? { AccessKeyId: 'LTAI5tx', ...fields } : 'text';
    expect(() => parse(data, { secretType: 'Generic' })).toThrow(message);
    expect(() => parse(data)).not.toThrow(/type is/);
  });

  it.each([
    ['not JSON', 'password=hunter2-hunter2'],
    ['a truncated object', '{"AccessKeyId":"LTAI5tAbc","AccessKeySecret":"hunter2-hunter2"'],
    ['an array', '["hunter2-hunter2"]'],
    ['null', 'null'],
    ['empty', ''],
    ['without an id', '{"AccessKeySecret":"hunter2-hunter2"}'],
    ['without a secret', '{"AccessKeyId":"hunter2-hunter2"}'],
    ['with a number as id', '{"AccessKeyId":5,"AccessKeySecret":"hunter2-hunter2"}'],
    ['with a blank secret', '{"AccessKeyId":"hunter2-hunter2","AccessKeySecret":"  "}'],
  ])('refuses a value that is %s, says what it wants, and quotes nothing', (_form, data) => {
    const attempt = () => parse(data, { secretType: 'Generic' });
    expect(attempt).toThrow(InvalidSecretError);
    expect(attempt).toThrow(/Secret "app" holds no usable access key.*managed RAM credential/s);
    expect(attempt).not.toThrow(/hunter2/);
  });
});
