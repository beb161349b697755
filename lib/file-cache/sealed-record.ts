import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import { isRecord } from '../core/is-record.js';
import type { CacheKey } from './cache-key.js';

const FORMAT = 'nestjs-aliyun-managed-credentials/1';
const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts a text for the file of a secret, so that it can only be read with the same key and as what it is: the format,
 * the way of the key and the secret's name are bound in.
 */
export async function seal(text: string, secretName: string, cacheKey: CacheKey): Promise<string> {
  const { kind, salt } = cacheKey;
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, await cacheKey.forSalt(salt), iv);
  cipher.setAAD(boundData(kind, salt, secretName));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return JSON.stringify({
    format: FORMAT,
    key: kind,
    salt: salt.toString('base64'),
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  });
}

/**
 * Decrypts what {@link seal} made.
 *
 * @throws Error whose message says why it cannot be, without any content
 */
export async function unseal(sealed: string, secretName: string, cacheKey: CacheKey): Promise<string> {
  const { salt, iv, tag, data } = parse(sealed, cacheKey.kind);
  const decipher = createDecipheriv(CIPHER, await cacheKey.forSalt(salt), iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(boundData(cacheKey.kind, salt, secretName));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
  } catch {
    throw new Error('it was made with another key, or has been changed');
  }
}

function parse(sealed: string, kind: CacheKey['kind']) {
  let fields: unknown;
  try {
    fields = JSON.parse(sealed);
  } catch {
    throw new Error('it is damaged');
  }
  if (!isRecord(fields) || fields['format'] !== FORMAT) throw new Error('it is of another format');
  if (fields['key'] !== kind) throw new Error('it was made with another kind of key');
  const bytes = (name: string) => {
    const value = fields[name];
    return Buffer.from(typeof value === 'string' ? value : '', 'base64');
  };
  const record = { salt: bytes('salt'), iv: bytes('iv'), tag: bytes('tag'), data: bytes('data') };
  if (record.iv.length !== IV_BYTES || record.tag.length !== TAG_BYTES) throw new Error('it is damaged');
  return record;
}

function boundData(kind: string, salt: Uint8Array, secretName: string): Buffer {
  return Buffer.from(
    JSON.stringify([FORMAT, kind, Buffer.from(salt).toString('base64'), secretName]),
    'utf8',
  );
}
