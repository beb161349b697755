import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether a base64 signature is the HMAC-SHA1 of a text. */
export function isHmacSha1(signature: string, key: string, text: string): boolean {
  const expected = createHmac('sha1', key).update(text).digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
