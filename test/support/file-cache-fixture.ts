import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach } from '@jest/globals';

import { EncryptedFileCache } from '../../lib/file-cache/encrypted-file-cache.js';
import { secretValue } from './scripted-kms.js';

/** A directory of its own for each test of a file, and caches over it. */
export function fileCacheFixture() {
  const key = randomBytes(32);
  let parent = '';
  let warnings: string[] = [];
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'file-cache-'));
    warnings = [];
  });
  afterEach(() => rmSync(parent, { recursive: true }));

  const directory = () => join(parent, 'made', 'by', 'us');
  const files = () => readdirSync(directory()).map((name) => join(directory(), name));
  const cacheWith = (ownKey: string | Uint8Array = key) =>
    new EncryptedFileCache({ directory: directory(), key: ownKey }, (warning) => warnings.push(warning));
  /** Keeps a version of a secret, and waits until that is done. */
  const keep = async (
    secretName = 'app',
    version = 1,
    fetchedAt = 1_704_067_200_000,
    cache = cacheWith(),
  ) => {
    cache.store({ secretName, value: secretValue(secretName, version), fetchedAt });
    await cache.flush();
    return cache;
  };
  return {
    /** The key of caches for which no other is named. */
    key,
    /** What caches were told to say. */
    warnings: () => warnings,
    /** A directory that exists; that of the caches is made in it. */
    parent: () => parent,
    directory,
    files,
    onlyFile: () => files()[0] ?? '',
    /** A cache, as another process would make it. */
    cacheWith,
    keep,
  };
}
