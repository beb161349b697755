import type { ManagedCredentials } from '../../core/managed-credentials.js';
import type { CredentialsProvider } from '../credentials-provider.js';

/** What `getCredential()` of @alicloud/credentials answers, as far as its readers look at it. */
export interface CredentialModel {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly type: string;
  readonly providerName: string;
}

/** A credential as the V2 SDKs take one: `ICredential` of @alicloud/credentials. */
export interface OpenApiCredential {
  getCredential(): Promise<CredentialModel>;
  getAccessKeyId(): Promise<string>;
  getAccessKeySecret(): Promise<string>;
  getSecurityToken(): Promise<string>;
  getBearerToken(): string;
  getType(): string;
}

/** openapi-core authenticates in other ways for the types `bearer` and `id_token`. */
const TYPE = 'access_key';

/**
 * One key for all questions that an SDK asks while it signs a request: some ask for id, secret and token one by one,
 * and would otherwise mix two versions when the key is replaced in between.
 */
export function pinnedCredential({ accessKeyId, accessKeySecret }: ManagedCredentials): OpenApiCredential {
  return {
    getCredential: async () => ({ accessKeyId, accessKeySecret, type: TYPE, providerName: TYPE }),
    getAccessKeyId: async () => accessKeyId,
    getAccessKeySecret: async () => accessKeySecret,
    getSecurityToken: async () => '',
    getBearerToken: () => '',
    getType: () => TYPE,
  };
}

/** The current key at each question, for the parts of an SDK that go their own way. */
export function currentCredential(provider: CredentialsProvider): OpenApiCredential {
  const current = async () => pinnedCredential(await provider.getCredentials());
  return {
    getCredential: async () => (await current()).getCredential(),
    getAccessKeyId: async () => (await current()).getAccessKeyId(),
    getAccessKeySecret: async () => (await current()).getAccessKeySecret(),
    getSecurityToken: async () => '',
    getBearerToken: () => '',
    getType: () => TYPE,
  };
}
