import type { AccessKey } from './access-key.js';

/** How long KMS does not know of a new version, ms: everywhere, or by region (0 where it is not named). */
export type KmsLag = number | Readonly<Record<string, number>>;

/** One version of a managed secret, as KMS keeps it. */
export interface SecretVersion {
  readonly versionId: string;
  readonly secretData: string;
  /** The RAM user's key that this version holds; absent for a generic secret. */
  readonly key?: AccessKey;
  readonly createdAt: number;
  /** For how long after its creation KMS does not answer with this version: everywhere, or by region. */
  readonly kmsLagMs: KmsLag;
  /** When KMS says that it will rotate next; absent without automatic rotation. */
  readonly nextRotationAt?: number;
}

/** From when on the KMS of a region answers with a version, epoch ms. */
export function visibleAt({ createdAt, kmsLagMs }: SecretVersion, regionId: string): number {
  return createdAt + (typeof kmsLagMs === 'number' ? kmsLagMs : (kmsLagMs[regionId] ?? 0));
}
