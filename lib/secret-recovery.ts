/** What a recovery has found. */
export interface RecoveredSecret {
  /** JSON with `AccessKeyId` and `AccessKeySecret`, as KMS would answer it. */
  readonly secretData: string;
  /** As KMS names it; two keys with the same version are held to be the same. */
  readonly versionId?: string | undefined;
}

/** The last resort when no KMS endpoint answers: a key from elsewhere, such as a sealed envelope for emergencies. */
export interface SecretRecovery {
  /**
   * Asked when KMS cannot be reached, and there is no key yet or the cloud refuses the one there is.
   *
   * @param secretName the name the code uses
   * @returns undefined for none
   */
  recoverSecret(secretName: string): Promise<RecoveredSecret | undefined>;
}

/** There is no other place to take a key from. */
export const noRecovery: SecretRecovery = { recoverSecret: () => Promise.resolve(undefined) };
