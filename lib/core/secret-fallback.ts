import type { SecretValue } from './secret-value.js';

/** A secret from another place than KMS. */
export interface RecalledSecret {
  readonly value: SecretValue;
  /** When KMS gave it, in epoch milliseconds; now, when that is not known. */
  readonly fetchedAt: number;
  /** Where it was found, for the log: `file cache`, `recovery`. */
  readonly origin: string;
}

/** Where a secret may be had when no KMS endpoint answers. */
export interface SecretFallback {
  /** Whether there is any such place. */
  readonly isAvailable: boolean;
  /** Tells of a good key that KMS gave, for later. */
  remember(secretName: string, value: SecretValue, fetchedAt: number): void;
  /**
   * Looks for a secret.
   *
   * @param isUsable whether a found key will do: false for one that the cloud has refused
   * @returns undefined when there is none
   */
  recall(
    secretName: string,
    isUsable: (recalled: RecalledSecret) => boolean,
  ): Promise<RecalledSecret | undefined>;
}
