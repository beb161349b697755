import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { CacheKey } from '../../lib/file-cache/cache-key.js';
import { seal } from '../../lib/file-cache/sealed-record.js';
import { fileCacheFixture } from '../support/file-cache-fixture.js';
import { secretValue } from '../support/scripted-kms.js';

const { key: KEY, warnings, files, onlyFile, cacheWith, keep } = fileCacheFixture();
const ignored = (reason: string) => `The file cache's record of secret "app" is ignored: ${reason}`;

describe('the encrypted file cache', () => {
  it.each<[string, () => void, RegExp]>([
    ['empty', () => writeFileSync(onlyFile(), ''), /it is damaged/],
    ['no JSON', () => writeFileSync(onlyFile(), '\0\u0001'), /it is damaged/],
    [
      'cut short',
      () => writeFileSync(onlyFile(), readFileSync(onlyFile()).subarray(0, -20)),
      /it is damaged/,
    ],
    ['of another program', () => writeFileSync(onlyFile(), '{"format":"other"}'), /of another format/],
    ['changed in its content', () => change('data'), /another key, or has been changed/],
    ['changed in its tag', () => change('tag'), /another key, or has been changed/],
    ['changed in its salt', () => change('salt'), /another key, or has been changed/],
    ['changed in its initialization vector', () => change('iv'), /another key, or has been changed/],
    ['without a tag', () => rewrite((record) => ({ ...record, tag: '' })), /it is damaged/],
    [
      'with a tag cut short',
      () => rewrite((record) => ({ ...record, tag: String(record['tag']).slice(0, 8) })),
      /it is damaged/,
    ],
  ])('ignores a record that is %s, with a warning', async (_what, spoil, reason) => {
    await keep();
    spoil();
    await expect(cacheWith().load('app')).resolves.toBeUndefined();
    expect(warnings()).toEqual([
      expect.stringMatching(
        new RegExp(`^The file cache's record of secret "app" is ignored: .*${reason.source}`),
      ),
    ]);
  });

  it('warns once of a record that is looked at again and again', async () => {
    await keep();
    writeFileSync(onlyFile(), '');
    const cache = cacheWith();
    for (let look = 0; look < 10; look++) await cache.load('app');
    expect(warnings()).toHaveLength(1);
  });

  it('ignores the record of another secret under its name, with a warning', async () => {
    const cache = await keep('other');
    const other = onlyFile();
    await keep('app', 1, 1000, cache);
    for (const file of files()) if (file !== other) renameSync(other, file);
    await expect(cacheWith().load('app')).resolves.toBeUndefined();
    expect(warnings()).toEqual([ignored('it was made with another key, or has been changed')]);
  });

  it.each<[string, object, string]>([
    ['of another stage', { stage: 'ACSPrevious' }, 'it is of another stage'],
    ['without a stage', { stage: undefined }, 'it is of another stage'],
    ['that says another name', { secretName: 'other' }, 'it is of another format'],
    ['without a version', { value: { secretData: '{}' } }, 'it is of another format'],
    ['without a date', { fetchedAt: undefined }, 'it is of another format'],
  ])(
    'ignores a record %s, with a warning, also when it was sealed with the key',
    async (_what, fields, reason) => {
      await keep();
      const record = {
        secretName: 'app',
        value: secretValue('app', 1),
        fetchedAt: 1000,
        stage: 'ACSCurrent',
      };
      const put = async (changed: object) =>
        writeFileSync(onlyFile(), await seal(JSON.stringify(changed), 'app', new CacheKey(KEY)));
      await put(record);
      await expect(cacheWith().load('app')).resolves.toMatchObject({ fetchedAt: 1000 });
      await put({ ...record, ...fields });
      await expect(cacheWith().load('app')).resolves.toBeUndefined();
      expect(warnings()).toEqual([ignored(reason)]);
    },
  );

  it.each<[string, string | Uint8Array, string]>([
    ['another key', randomBytes(32), 'it was made with another key, or has been changed'],
    ['another kind of key', 'passphrase', 'it was made with another kind of key'],
  ])('ignores a record made with %s, with a warning', async (_what, key, reason) => {
    await keep();
    await expect(cacheWith(key).load('app')).resolves.toBeUndefined();
    expect(warnings()).toEqual([ignored(reason)]);
  });
});

function rewrite(how: (record: Record<string, unknown>) => object): void {
  const record = JSON.parse(readFileSync(onlyFile(), 'utf8')) as Record<string, unknown>;
  writeFileSync(onlyFile(), JSON.stringify(how(record)));
}

/** Flips one bit of a field. */
function change(field: string): void {
  rewrite((record) => {
    const bytes = Buffer.from(String(record[field]), 'base64');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    return { ...record, [field]: bytes.toString('base64') };
  });
}
