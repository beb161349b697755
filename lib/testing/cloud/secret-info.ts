import { EmulatorError } from '../emulator-error.js';
import type { ManagedSecret } from './managed-secret.js';

/** What the emulator tells a test about one version of a secret. Instants are epoch ms. */
export interface GenericSecretInfo {
  /** Name of the secret. */
  readonly secretName: string;
  /** Id of the version. */
  readonly versionId: string;
  /** What KMS answers as SecretData. */
  readonly secretData: string;
  /** When the version was made. */
  readonly createdAt: number;
  /** The NextRotationDate that KMS answers; absent without automatic rotation. */
  readonly nextRotationAt?: number;
}

/** What the emulator tells a test about one version of a managed RAM credential. */
export interface RamSecretInfo extends GenericSecretInfo {
  /** The id of the AccessKey that the version holds. */
  readonly accessKeyId: string;
  /** The secret of that AccessKey. */
  readonly accessKeySecret: string;
  /** The RAM user whose AccessKey it is. */
  readonly userName: string;
}

/** Describes the newest version of any secret, without the AccessKey that it may hold. */
export function genericSecretInfo(secret: ManagedSecret): GenericSecretInfo {
  const { versionId, secretData, createdAt, nextRotationAt } = secret.newest;
  return Object.freeze({
    secretName: secret.name,
    versionId,
    secretData,
    createdAt,
    ...(nextRotationAt === undefined ? {} : { nextRotationAt }),
  });
}

/**
 * Describes the newest version of a managed RAM credential.
 * @throws EmulatorError when the secret is a generic one
 */
export function ramSecretInfo(secret: ManagedSecret): RamSecretInfo {
  const { key } = secret.newest;
  if (!key) {
    throw new EmulatorError(
      `'${secret.name}' is a generic secret and has no AccessKey: use putSecretValue().`,
    );
  }
  const { accessKeyId, accessKeySecret, userName } = key;
  return Object.freeze({ ...genericSecretInfo(secret), accessKeyId, accessKeySecret, userName });
}
