import { randomBytes } from 'node:crypto';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { EncryptedFileCache } from '../../lib/file-cache/encrypted-file-cache.js';
import { secretValue } from '../support/scripted-kms.js';

const KEY = randomBytes(32);
const HOUR = 60 * 60_000;
let parent: string;
let directory: string;
let warnings: string[];

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'file-cache-'));
  directory = join(parent, 'made', 'by', 'us');
  warnings = [];
});
afterEach(() => rmSync(parent, { recursive: true }));

const cacheWith = (key: string | Uint8Array = KEY) =>
  new EncryptedFileCache({ directory, key }, (warning) => warnings.push(warning));
const files = () => readdirSync(directory).map((name) => join(directory, name));
const onlyFile = () => files()[0] ?? '';

async function keep(secretName = 'app', version = 1, fetchedAt = 1_704_067_200_000, cache = cacheWith()) {
  cache.store({ secretName, value: secretValue(secretName, version), fetchedAt });
  await cache.flush();
  return cache;
}

describe('the encrypted file cache', () => {
  it.each<[string, string | Uint8Array]>([
    ['a passphrase', 'correct horse battery staple'],
    ['32 bytes', KEY],
  ])('gives back what it was given, to another process with the same key: %s', async (_kind, key) => {
    await keep('app', 1, 1000, cacheWith(key));
    await expect(cacheWith(key).load('app')).resolves.toMatchObject({
      secretName: 'app',
      fetchedAt: 1000,
      value: secretValue('app', 1),
    });
    expect(warnings).toEqual([]);
  });

  it('has nothing for a secret it was never given, without a warning', async () => {
    await expect(cacheWith().load('app')).resolves.toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it('shows nothing of a secret, in names and content, in plain or encoded', async () => {
    await keep('acs/ram/user/app');
    const content = `${files().join()} ${readFileSync(onlyFile(), 'latin1')}`;
    for (const planted of ['secret-of-version-1', 'LTAI5tTestTestTest0001', 'acs/ram/user/app']) {
      const forms = [
        planted,
        Buffer.from(planted).toString('base64').slice(0, -4),
        Buffer.from(planted).toString('hex'),
      ];
      for (const form of forms) expect(content).not.toContain(form);
    }
  });

  it('is readable by its owner only', async () => {
    await keep();
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
  });

  it('keeps one file a secret, and no temporary ones', async () => {
    const cache = await keep();
    await keep('app', 2, 2000, cache);
    await keep('other', 1, 2000, cache);
    expect(files()).toHaveLength(2);
    await expect(cacheWith().load('app')).resolves.toMatchObject({ value: { versionId: 'v2' } });
  });

  it('does not write what it has written within the hour', async () => {
    const cache = await keep('app', 1, 0);
    const { mtimeNs } = statSync(onlyFile(), { bigint: true });
    await keep('app', 1, HOUR - 1, cache);
    expect(statSync(onlyFile(), { bigint: true }).mtimeNs).toBe(mtimeNs);
    await keep('app', 1, HOUR, cache);
    expect(statSync(onlyFile(), { bigint: true }).mtimeNs).not.toBe(mtimeNs);
  });

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
    expect(warnings).toEqual([
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
    expect(warnings).toHaveLength(1);
  });

  it('keeps a secret also when something old cannot be looked at', async () => {
    await keep('other');
    symlinkSync(join(parent, 'gone'), join(directory, `${'0'.repeat(64)}.secret`));
    await keep('app');
    await expect(cacheWith().load('app')).resolves.toBeDefined();
    expect(warnings).toEqual([]);
  });

  it('ignores a record of another secret in its place', async () => {
    const cache = await keep('other');
    const other = readFileSync(onlyFile());
    await keep('app', 1, 1000, cache);
    for (const file of files()) writeFileSync(file, other);
    await expect(cacheWith().load('app')).resolves.toBeUndefined();
    await expect(cacheWith().load('other')).resolves.toBeDefined();
  });

  it('ignores a record made with another key, or another kind of key', async () => {
    await keep();
    await expect(cacheWith(randomBytes(32)).load('app')).resolves.toBeUndefined();
    await expect(cacheWith('passphrase').load('app')).resolves.toBeUndefined();
    expect(warnings.join()).toMatch(/another key.*another kind of key/);
  });

  it('removes old records and left-over temporary files, and leaves those of others alone', async () => {
    await keep('old');
    const month = new Date(Date.now() - 31 * 24 * HOUR);
    utimesSync(onlyFile(), month, month);
    const leftOver = join(directory, `${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}.tmp`);
    for (const name of [leftOver, join(directory, 'notes.txt')]) {
      writeFileSync(name, '');
      utimesSync(name, month, month);
    }
    await keep('new');
    expect(
      files()
        .map((name) => name.replace(directory, ''))
        .toSorted(),
    ).toEqual([expect.stringMatching(/^\/[0-9a-f]{64}\.secret$/), '/notes.txt']);
  });

  it('that cannot be written is a warning', async () => {
    writeFileSync(join(parent, 'made'), 'a file in the way');
    await keep();
    expect(warnings).toEqual([
      expect.stringMatching(/^Secret "app" could not be kept in the file cache \((?:ENOTDIR|EEXIST)\)$/),
    ]);
  });

  it.each([
    ['an empty passphrase', ''],
    ['16 bytes', randomBytes(16)],
  ])('refuses %s as a key', (_what, key) => {
    expect(() => cacheWith(key)).toThrow(TypeError);
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
