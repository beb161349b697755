import { inspect } from 'node:util';

import { maskAccessKeyId } from './mask-access-key-id.js';

/** The content of a {@link ManagedCredentials} snapshot. Instants are epoch milliseconds. */
export interface ManagedCredentialsFields {
  /** The id of the key. */
  readonly accessKeyId: string;
  /** The secret of the key. */
  readonly accessKeySecret: string;
  /** The version of the secret that holds this pair, as KMS names it. */
  readonly versionId: string;
  /** When the key stops being valid by its own account; absent when it does not say. */
  readonly expiresAt?: number | undefined;
  /** When KMS made the key; absent when the secret does not say. */
  readonly generatedAt?: number | undefined;
  /** When this snapshot was fetched. */
  readonly fetchedAt: number;
}

/**
 * One access key as KMS held it at one moment: id and secret of the same version, frozen.
 *
 * The secret is a private field behind a getter, so that spreading, cloning, JSON, `util.inspect` and
 * string conversion show a masked key id and nothing of the secret.
 */
export class ManagedCredentials implements ManagedCredentialsFields {
  /** The id of the key, in full. */
  readonly accessKeyId: string;
  readonly versionId: string;
  declare readonly expiresAt?: number;
  declare readonly generatedAt?: number;
  readonly fetchedAt: number;
  readonly #accessKeySecret: string;

  constructor(fields: ManagedCredentialsFields) {
    this.accessKeyId = fields.accessKeyId;
    this.#accessKeySecret = fields.accessKeySecret;
    this.versionId = fields.versionId;
    if (fields.expiresAt !== undefined) this.expiresAt = fields.expiresAt;
    if (fields.generatedAt !== undefined) this.generatedAt = fields.generatedAt;
    this.fetchedAt = fields.fetchedAt;
    Object.freeze(this);
  }

  /** The secret of the key. Neither enumerable nor copied with the object. */
  get accessKeySecret(): string {
    return this.#accessKeySecret;
  }

  /** Whether both snapshots hold the same version of the secret, whenever each was fetched. */
  isSameVersionAs(other: ManagedCredentials): boolean {
    // The key id decides too, because a lenient reader accepts a secret whose version KMS left empty.
    return this.versionId === other.versionId && this.accessKeyId === other.accessKeyId;
  }

  /** What JSON shows: the masked key id and no secret. */
  toJSON(): Omit<ManagedCredentialsFields, 'accessKeySecret'> {
    const { accessKeyId, versionId, expiresAt, generatedAt, fetchedAt } = this;
    return { accessKeyId: maskAccessKeyId(accessKeyId), versionId, expiresAt, generatedAt, fetchedAt };
  }

  /** The masked key id and the version. */
  toString(): string {
    return `ManagedCredentials(${maskAccessKeyId(this.accessKeyId)}, version ${this.versionId})`;
  }

  /** What `util.inspect` and `console.log` show: the masked key id and the version. */
  [inspect.custom](): string {
    return this.toString();
  }
}
