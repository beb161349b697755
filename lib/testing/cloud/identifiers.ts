import { randomBytes, randomUUID } from 'node:crypto';

const ALPHANUMERICS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random characters from A-Z, a-z and 0-9. */
export function randomAlphanumerics(length: number): string {
  // The slight bias of the modulus does not matter for names that only have to differ.
  return Array.from(randomBytes(length), (byte) => ALPHANUMERICS[byte % ALPHANUMERICS.length]).join('');
}

/** An AccessKey id that looks like those of Alibaba Cloud: `LTAI5t` and 18 more characters. */
export function newAccessKeyId(): string {
  return `LTAI5t${randomAlphanumerics(18)}`;
}

/** The id of a temporary AccessKey: `STS.` and 25 more characters. */
export function newTemporaryKeyId(): string {
  return `STS.${randomAlphanumerics(25)}`;
}

/** A SecurityToken: base64 that starts with `CAIS`, with all the characters that need care in a signature. */
export function newSecurityToken(): string {
  return `CAIS${randomBytes(238).toString('base64')}+/==`;
}

/** An AccessKey secret of the usual 30 characters. */
export function newAccessKeySecret(): string {
  return randomAlphanumerics(30);
}

/** A unique id for a version of a secret. */
export function newVersionId(): string {
  return randomUUID();
}

/** An instant as KMS writes it: UTC, to the second. */
export function toUtcSeconds(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
