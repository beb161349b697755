/** How names in code become names in KMS, for applications whose secrets are called differently in each environment. */
export interface SecretNameResolver {
  /** @returns the name in KMS of what the code calls `secretName` */
  resolveSecretName(secretName: string): string | Promise<string>;
}

/** Names are the same in KMS. */
export const sameName: SecretNameResolver = { resolveSecretName: (secretName) => secretName };
