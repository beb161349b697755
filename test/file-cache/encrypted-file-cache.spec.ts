import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { fileCacheFixture } from '../support/file-cache-fixture.js';
import { secretValue } from '../support/scripted-kms.js';

const HOUR = 60 * 60_000;
const { key: KEY, warnings, parent, directory, files, onlyFile, cacheWith, keep } = fileCacheFixture();

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
    expect(warnings()).toEqual([]);
  });

  it('has nothing for a secret it was never given, without a warning', async () => {
    await expect(cacheWith().load('app')).resolves.toBeUndefined();
    expect(warnings()).toEqual([]);
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
    expect(statSync(directory()).mode & 0o777).toBe(0o700);
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

  it('keeps a secret also when something old cannot be looked at', async () => {
    await keep('other');
    symlinkSync(join(parent(), 'gone'), join(directory(), `${'0'.repeat(64)}.secret`));
    await keep('app');
    await expect(cacheWith().load('app')).resolves.toBeDefined();
    expect(warnings()).toEqual([]);
  });

  it('removes old records and left-over temporary files, and leaves those of others alone', async () => {
    await keep('old');
    const month = new Date(Date.now() - 31 * 24 * HOUR);
    utimesSync(onlyFile(), month, month);
    const leftOver = join(directory(), `${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}.tmp`);
    for (const name of [leftOver, join(directory(), 'notes.txt')]) {
      writeFileSync(name, '');
      utimesSync(name, month, month);
    }
    await keep('new');
    expect(
      files()
        .map((name) => name.replace(directory(), ''))
        .toSorted(),
    ).toEqual([expect.stringMatching(/^\/[0-9a-f]{64}\.secret$/), '/notes.txt']);
  });

  it('that cannot be written is a warning', async () => {
    writeFileSync(join(parent(), 'made'), 'a file in the way');
    await keep();
    expect(warnings()).toEqual([
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
