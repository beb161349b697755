import type { Observable } from 'rxjs';

/** Something that was done to keys or to KMS. */
export interface CloudChange {
  /**
   * `emergency`: a new key, the old one is refused at once. `lag`: the same, but KMS goes on answering the old key for
   * a while. `planned`: a new key, the old one stays good. `revoked`: the key is refused, and has no successor.
   */
  readonly type: 'emergency' | 'lag' | 'planned' | 'revoked' | 'kmsBroken' | 'mended';
  /** Absent when it is about KMS. */
  readonly secretName?: string;
  /** For how long KMS goes on answering the old key, of `lag`. */
  readonly kmsLagMs?: number;
  /** Whether a person has asked for it. */
  readonly isManual: boolean;
}

/** The cloud that the demo runs against. */
export abstract class Cloud {
  abstract readonly description: string;
  /** Emergency rotations so far, as far as they are of the demo's making. */
  abstract readonly emergencyRotations: number;
  /** Requests that KMS has got; undefined for a real cloud, which does not tell. */
  abstract readonly kmsCalls: number | undefined;
  abstract readonly changes: Observable<CloudChange>;
  abstract stop(): Promise<void>;
}
