import type { AccessKey } from './access-key.js';

/** A RAM role that may do everything in an emulated cloud. */
export interface RamRole {
  /** Such as `kms-reader`. */
  readonly name: string;
  /** Such as `acs:ram::1234567890123456:role/kms-reader`. */
  readonly arn: string;
}

/** A temporary AccessKey, in the names that the SDKs use. */
export interface TemporaryCredentials {
  /** Begins with `STS.`. */
  readonly accessKeyId: string;
  /** Signs. */
  readonly accessKeySecret: string;
  /** Goes with each call. */
  readonly securityToken: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** A role of an account. */
export function ramRole(accountId: string, name: string): RamRole {
  return Object.freeze({ name, arn: `acs:ram::${accountId}:role/${name}` });
}

/**
 * Describes a temporary key.
 * @throws TypeError when the key is a permanent one
 */
export function temporaryCredentials({
  accessKeyId,
  accessKeySecret,
  session,
}: AccessKey): TemporaryCredentials {
  if (!session) throw new TypeError(`${accessKeyId} is no temporary key.`);
  const { securityToken, expiresAt } = session;
  return Object.freeze({ accessKeyId, accessKeySecret, securityToken, expiresAt });
}
