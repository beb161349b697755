import { newAccessKeyId, newAccessKeySecret, newSecurityToken, newTemporaryKeyId } from './identifiers.js';

/** Why a key is refused: it was deleted, or it was disabled. */
export type RevocationReason = 'notFound' | 'inactive';

/** The version of a managed secret that an AccessKey belongs to. */
export interface AccessKeyOwner {
  readonly secretName: string;
  readonly versionId: string;
}

/** What makes an AccessKey temporary. */
export interface RoleSession {
  readonly roleName: string;
  readonly sessionName: string;
  readonly securityToken: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** An AccessKey of an emulated RAM user, or a temporary one of a RAM role. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly userName: string;
  /** Absent for an identity that no secret manages. */
  readonly owner?: AccessKeyOwner;
  /** Absent for a permanent key. */
  readonly session?: RoleSession;
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

/** A new temporary AccessKey for a RAM role. */
export function createTemporaryKey(roleName: string, sessionName: string, expiresAt: number): AccessKey {
  return {
    accessKeyId: newTemporaryKeyId(),
    accessKeySecret: newAccessKeySecret(),
    userName: `${roleName}/${sessionName}`,
    session: { roleName, sessionName, securityToken: newSecurityToken(), expiresAt },
    state: 'active',
  };
}
