import type { AccessKey } from './access-key.js';

/** One version of a managed secret, as KMS keeps it. */
export interface SecretVersion {
  readonly versionId: string;
  readonly secretData: string;
  /** The RAM user's key that this version holds; absent for a generic secret. */
  readonly key?: AccessKey;
  readonly createdAt: number;
  /** From when on KMS answers with this version. */
  readonly visibleAt: number;
  /** When KMS says that it will rotate next; absent without automatic rotation. */
  readonly nextRotationAt?: number;
}
