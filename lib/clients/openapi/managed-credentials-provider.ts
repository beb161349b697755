import type { ManagedCredentials } from '../../core/managed-credentials.js';

/** Where the provider takes credentials from: `ManagedCredentialsService`. */
export interface CredentialsByName {
  /** The current key of a secret. */
  getCredentials(secretName: string): Promise<ManagedCredentials>;
}

/**
 * A provider for `Credential` of @alicloud/credentials, with the current key of one secret:
 * `new Credential(null, new ManagedCredentialsProvider(managedCredentialsService, 'ecs-operator'))`.
 *
 * It keeps a hand-made client on the current key. Sending calls again whose key has expired takes more than a provider:
 * `openApiClient` does it.
 */
export class ManagedCredentialsProvider {
  readonly #source: CredentialsByName;

  constructor(
    source: CredentialsByName,
    /** The secret whose key is given. */
    readonly secretName: string,
  ) {
    this.#source = source;
  }

  /**
   * The current key; fetched first when there is none yet.
   *
   * @throws as `ManagedCredentialsService.getCredentials`
   */
  async getCredentials(): Promise<ManagedCredentials> {
    return this.#source.getCredentials(this.secretName);
  }

  /** Says where credentials come from, in the SDKs' own diagnostics. */
  getProviderName(): string {
    return 'managed_ram_credentials';
  }
}
