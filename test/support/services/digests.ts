import { createHash, createHmac, type BinaryToTextEncoding } from 'node:crypto';

/** HMAC of a text. */
export function hmac(
  algorithm: 'sha1' | 'sha256',
  key: string,
  text: string,
  encoding: BinaryToTextEncoding = 'base64',
): string {
  return createHmac(algorithm, key).update(text).digest(encoding);
}

export function md5(body: Buffer, encoding: BinaryToTextEncoding): string {
  return createHash('md5').update(body).digest(encoding);
}

/** The headers whose names begin with a prefix, as lines `name:value`, sorted by name. */
export function headerLines(headers: Readonly<Record<string, string>>, ...prefixes: string[]): string[] {
  return Object.keys(headers)
    .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
    .toSorted()
    .map((name) => `${name}:${headers[name] ?? ''}`);
}

/** Key id and signature of a header such as `MNS id:signature`. */
export function credentialOf(authorization: string | undefined): { accessKeyId: string; signature: string } {
  const [, accessKeyId = '', signature = ''] = /^\w+ ([^:]*):(.*)$/.exec(authorization ?? '') ?? [];
  return { accessKeyId, signature };
}
