import { isRecord } from '../core/is-record.js';

/** RAM credentials for one request; `securityToken` with those that expire. */
export interface RamCredentials {
  readonly accessKeyId?: string | undefined;
  readonly accessKeySecret?: string | undefined;
  readonly securityToken?: string | undefined;
}

/**
 * A provider of RAM credentials in either form that Alibaba Cloud's own packages have: `getCredentials()` as
 * pop-core and the providers of @alicloud/credentials, or `getCredential()` as its `Credential`.
 */
export type RamCredentialsProvider =
  | { getCredentials(): RamCredentials | Promise<RamCredentials> }
  | { getCredential(): RamCredentials | Promise<RamCredentials> };

/** Whether a value is such a provider. */
export function isRamCredentialsProvider(value: unknown): value is RamCredentialsProvider {
  return (
    isRecord(value) &&
    (typeof value['getCredentials'] === 'function' || typeof value['getCredential'] === 'function')
  );
}
