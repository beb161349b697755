import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { errorCodeOf } from '../core/errors.js';
import { isError } from '../core/is-error.js';
import { isRecord } from '../core/is-record.js';
import type { SecretValue } from '../core/secret-value.js';
import { CacheKey, type CacheKeyMaterial } from './cache-key.js';
import { seal, unseal } from './sealed-record.js';

/** Where the last good version of each secret is kept, for a start while KMS is down. */
export interface FileCacheOptions {
  /** A directory for this purpose alone; made with mode 0700 when it does not exist. */
  readonly directory: string;
  /** A passphrase, which is stretched by scrypt, or 32 bytes. Keep it elsewhere than the directory. */
  readonly key: CacheKeyMaterial;
}

/** What is kept of a secret. */
export interface CachedSecret {
  readonly secretName: string;
  readonly value: SecretValue;
  /** When KMS gave it, in epoch milliseconds. */
  readonly fetchedAt: number;
}

const STAGE = 'ACSCurrent';
const RECORD_FILE = /^[0-9a-f]{64}\.secret$/;
const TEMPORARY_FILE = /^[0-9a-f-]{36}\.tmp$/;

/** A version that is kept already is written anew after this time, so that its age tells when it was last confirmed. */
const REWRITE_MS = 60 * 60_000;

/** Records of secrets that nobody has refreshed for so long are removed. */
const LONGEST_AGE_MS = 30 * 24 * 60 * 60_000;
const LONGEST_TEMPORARY_AGE_MS = 60 * 60_000;

/**
 * Keeps secrets in encrypted files, one a secret, written atomically and readable by their owner only. A record that
 * cannot be read is let be, with a warning; failing to write one is a warning too.
 */
export class EncryptedFileCache {
  readonly #directory: string;
  readonly #key: CacheKey;
  readonly #written = new Map<string, { readonly versionId: string; readonly fetchedAt: number }>();
  readonly #ignored = new Map<string, string>();
  #writing: Promise<void> = Promise.resolve();
  #pruned = false;

  /**
   * @param warn told what went wrong, as a sentence
   * @throws TypeError for a key that is none
   */
  constructor(
    { directory, key }: FileCacheOptions,
    private readonly warn: (warning: string) => void,
  ) {
    this.#directory = directory;
    this.#key = new CacheKey(key);
  }

  /** Keeps a secret, in the background; one after the other. */
  store(secret: CachedSecret): void {
    const { secretName, value, fetchedAt } = secret;
    const last = this.#written.get(secretName);
    if (last?.versionId === value.versionId && fetchedAt - last.fetchedAt < REWRITE_MS) return;
    this.#written.set(secretName, { versionId: value.versionId, fetchedAt });
    this.#writing = this.#writing
      .then(() => this.#write(secret))
      .catch((error: unknown) => {
        this.#written.delete(secretName);
        this.warn(`Secret "${secretName}" could not be kept in the file cache (${errorCodeOf(error)})`);
      });
  }

  /** The kept version of a secret; undefined when there is none that can be read. */
  async load(secretName: string): Promise<CachedSecret | undefined> {
    let sealed: string;
    try {
      sealed = await readFile(this.#pathOf(secretName), 'utf8');
    } catch (error) {
      if (errorCodeOf(error) !== 'ENOENT')
        this.#ignore(secretName, `it cannot be read (${errorCodeOf(error)})`);
      return undefined;
    }
    try {
      const record: unknown = JSON.parse(await unseal(sealed, secretName, this.#key));
      if (isRecord(record) && record['stage'] !== STAGE) this.#ignore(secretName, 'it is of another stage');
      else if (isCachedSecret(record) && record.secretName === secretName) return record;
      else this.#ignore(secretName, 'it is of another format');
    } catch (error) {
      this.#ignore(secretName, isError(error) ? error.message : 'it is damaged');
    }
    return undefined;
  }

  /** Waits until all is written. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #write(secret: CachedSecret): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    if (!this.#pruned) {
      this.#pruned = true;
      // Another process may prune the same directory at this moment; what is left over is for the next start.
      await this.#prune().catch(() => undefined);
    }
    const sealed = await seal(JSON.stringify({ ...secret, stage: STAGE }), secret.secretName, this.#key);
    const temporary = join(this.#directory, `${randomUUID()}.tmp`);
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(sealed);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#pathOf(secret.secretName));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async #prune(): Promise<void> {
    for (const name of await readdir(this.#directory)) {
      const longestAgeMs = RECORD_FILE.test(name)
        ? LONGEST_AGE_MS
        : TEMPORARY_FILE.test(name)
          ? LONGEST_TEMPORARY_AGE_MS
          : Infinity;
      if (longestAgeMs === Infinity) continue;
      const path = join(this.#directory, name);
      const { mtimeMs } = await stat(path);
      if (Date.now() - mtimeMs > longestAgeMs) await rm(path, { force: true });
    }
  }

  #pathOf(secretName: string): string {
    return join(this.#directory, `${createHash('sha256').update(secretName).digest('hex')}.secret`);
  }

  /** Warns once of each reason: while KMS is down a record is looked at again and again. */
  #ignore(secretName: string, reason: string): void {
    if (this.#ignored.get(secretName) === reason) return;
    this.#ignored.set(secretName, reason);
    this.warn(`The file cache's record of secret "${secretName}" is ignored: ${reason}`);
  }
}

function isCachedSecret(record: unknown): record is CachedSecret {
  if (!isRecord(record)) return false;
  const { value } = record;
  return (
    typeof record['secretName'] === 'string' &&
    typeof record['fetchedAt'] === 'number' &&
    isRecord(value) &&
    typeof value['secretData'] === 'string' &&
    typeof value['versionId'] === 'string'
  );
}
