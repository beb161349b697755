import { ClosedError, NotReadyError } from '../core/errors.js';
import type { ManagedCredentials } from '../core/managed-credentials.js';
import type { ManagedSecret } from '../core/managed-secret.js';

/**
 * A provider of credentials as the SDKs of Alibaba Cloud take one: pop-core, @alicloud/credentials and
 * @alicloud/log.
 */
export interface CredentialsProvider {
  /** The current key, whole; fetched first when there is none yet. */
  getCredentials(): Promise<ManagedCredentials>;
  /** Says where credentials come from, in the SDKs' own diagnostics. */
  getProviderName(): string;
}

/** Makes the provider of one secret. */
export function credentialsProviderOf(secret: ManagedSecret): CredentialsProvider {
  return {
    // @alicloud/log insists on a native async function.
    async getCredentials() {
      return secret.get();
    },
    // Never "bearer" or "id_token": openapi-core takes those names for another kind of authentication.
    getProviderName: () => 'managed_ram_credentials',
  };
}

/**
 * The current key for readers that sign synchronously.
 *
 * @throws NotReadyError before the first fetch; ClosedError after shutdown
 */
export function currentCredentials(secret: ManagedSecret, closed: AbortSignal): ManagedCredentials {
  if (closed.aborted) throw new ClosedError(secret.secretName);
  if (secret.current === undefined) throw new NotReadyError(secret.secretName);
  return secret.current;
}
