import type { RevocationReason } from './cloud/access-key.js';
import type { KmsLag } from './cloud/secret-version.js';
import type { EndpointVariables } from './endpoint-variables.js';
import type { EmulatorTarget } from './emulator-target.js';
import type { ThrottleOptions } from './kms/rate-limit.js';
import type { CertifiedKey } from './pki/certificate.js';
import type { Pkcs12Form } from './pki/pkcs12.js';
import type { EmulatedRegionOptions } from './region-options.js';

/** How an emulated cloud is set up; everything is optional. */
export interface AlibabaCloudEmulatorOptions {
  /** Names of managed RAM credentials that exist from the start. */
  readonly secrets?: readonly string[];
  /** @default '1234567890123456' */
  readonly accountId?: string;
  /** The region that the instance, the buckets and `env` name. @default 'cn-hangzhou' */
  readonly regionId?: string;
  /** Further regions: each has a KMS of its own, dedicated and shared, over the same secrets. */
  readonly regions?: readonly (string | EmulatedRegionOptions)[];
  /**
   * Variables of the app that its environments get besides, each with the URL of a service: `{ ECS_ENDPOINT: 'openapi' }`.
   * @default {}
   */
  readonly endpointVariables?: EndpointVariables;
  /** The address to listen on. @default '127.0.0.1' */
  readonly host?: string;
  /** How long every answer takes at least, ms: of all targets, or by target. @default 0 */
  readonly latencyMs?: number | Readonly<Partial<Record<EmulatorTarget, number>>>;
  /** How the client key's PKCS#12 file is encrypted. @default 'legacy', the form that KMS hands out */
  readonly clientKeyForm?: Pkcs12Form;
  /** Content of an existing clientKey.json, in place of a new client key; needs `password`. */
  readonly clientKey?: string;
  /** The password of `clientKey`. */
  readonly password?: string;
  /** An existing CA, in place of a new one. */
  readonly certificateAuthority?: CertifiedKey;
  /** The quota of each KMS server; calls above it get 429 Rejected.Throttling. Default: none. */
  readonly throttle?: ThrottleOptions;
  /** How OSS behaves. */
  readonly oss?: {
    /**
     * Whether a refused HEAD request carries its error in the header `x-oss-err`; older gateways do not send it.
     * @default true
     */
    readonly headErrorHeader?: boolean;
  };
  /** How STS behaves. */
  readonly sts?: {
    /** Names of managed RAM credentials whose users may assume the role, beside `kmsIdentity`. @default [] */
    readonly trustedSecrets?: readonly string[];
    /** How long sessions last, ms, whatever is asked for. Default: as long as is asked for. */
    readonly sessionMs?: number;
  };
  /** How the metadata server behaves. */
  readonly metadata?: {
    /** Whether requests without a token are refused, as on an instance in security hardening mode. @default false */
    readonly tokenRequired?: boolean;
  };
  /** How many requests are remembered. @default 200_000 */
  readonly requestLogLimit?: number;
  /** The cloud's clock, epoch ms: for skew checks, dates of secrets and KMS lag. @default Date.now */
  readonly now?: () => number;
}

/** Details of a rotation. */
export interface RotationOptions {
  /** What KMS answers as SecretData of the new version, in place of JSON with the new AccessKey. */
  readonly secretData?: string;
  /** The NextRotationDate from then on, epoch ms. Default: now plus the secret's interval. */
  readonly nextRotationAt?: number;
}

/** Details of an emergency rotation. */
export interface EmergencyRotationOptions extends RotationOptions {
  /**
   * For how long KMS goes on answering the version that it answered before, ms: everywhere, or by region, such as
   * `{ 'cn-shanghai': 3000 }`; regions that are not named do not lag.
   * @default 0
   */
  readonly kmsLagMs?: KmsLag;
}

/** Details of a revocation. */
export interface RevocationOptions {
  /** Whether the key is gone or disabled. @default 'notFound' */
  readonly reason?: RevocationReason;
}
