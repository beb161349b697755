import { newAccessKeyId, newAccessKeySecret } from './identifiers.js';

/** Why a key is refused: it was deleted, or it was disabled. */
export type RevocationReason = 'notFound' | 'inactive';

/** The version of a managed secret that an AccessKey belongs to. */
export interface AccessKeyOwner {
  readonly secretName: string;
  readonly versionId: string;
}

/** An AccessKey of an emulated RAM user. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly userName: string;
  /** Absent for an identity that no secret manages. */
  readonly owner?: AccessKeyOwner;
  state: 'active' | RevocationReason;
}

/** A new active AccessKey for a RAM user. */
export function createAccessKey(userName: string, owner?: AccessKeyOwner): AccessKey {
  return {
    accessKeyId: newAccessKeyId(),
    accessKeySecret: newAccessKeySecret(),
    userName,
    ...(owner === undefined ? {} : { owner }),
    state: 'active',
  };
}
