/** The configuration of a `Credential`, as far as this library uses it. */
export interface CredentialConfig {
  readonly type: 'ecs_ram_role' | 'ram_role_arn' | 'oidc_role_arn';
  readonly accessKeyId?: string | undefined;
  readonly accessKeySecret?: string | undefined;
  readonly roleName?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly roleSessionName?: string | undefined;
  readonly policy?: string | undefined;
  /** Seconds. */
  readonly roleSessionExpiration?: number | undefined;
  readonly oidcProviderArn?: string | undefined;
  readonly oidcTokenFilePath?: string | undefined;
  readonly stsEndpoint?: string | undefined;
  readonly stsRegionId?: string | undefined;
}

interface CredentialInstance {
  getCredential(): Promise<unknown>;
}

/**
 * Makes a `Credential` of @alicloud/credentials: of the given kind, or the default chain. The package is loaded when it
 * is first needed, since an application with a dedicated KMS instance never does.
 */
export async function createAlicloudCredential(config?: CredentialConfig): Promise<CredentialInstance> {
  const module = (await import('@alicloud/credentials')) as unknown as {
    default: { default: new (config?: object | null) => CredentialInstance };
  };
  return new module.default.default(config ?? null);
}
