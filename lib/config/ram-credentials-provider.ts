import { isRecord } from '../core/is-record.js';

/** RAM credentials for one request; `securityToken` with those that expire. */
export interface RamCredentials {
  /** The id of the key. */
  readonly accessKeyId?: string | undefined;
  /** The secret of the key. */
  readonly accessKeySecret?: string | undefined;
  /** The token of an STS session. */
  readonly securityToken?: string | undefined;
}

/**
 * A provider of RAM credentials in either form that Alibaba Cloud's own packages have: `getCredentials()` as
 * pop-core and the providers of @alicloud/credentials, or `getCredential()` as its `Credential`.
 */
export type RamCredentialsProvider =
  | {
      /** The credentials to sign one request with. */
      getCredentials(): RamCredentials | Promise<RamCredentials>;
    }
  | {
      /** The credentials to sign one request with. */
      getCredential(): RamCredentials | Promise<RamCredentials>;
    };

/** Whether a value is such a provider. */
export function isRamCredentialsProvider(value: unknown): value is RamCredentialsProvider {
  return (
    isRecord(value) &&
    (typeof value['getCredentials'] === 'function' || typeof value['getCredential'] === 'function')
  );
}
