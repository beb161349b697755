import type { EmulatorTarget } from '../emulator-target.js';

/**
 * What the emulator remembers of one request. It never holds a signature, a secret, a query string or a body.
 * Fields that a request does not have, or that were not reached, are absent.
 */
export interface RecordedRequest {
  /** The service that was asked. */
  readonly target: EmulatorTarget;
  /** The region whose KMS was asked (`kms` and `dedicatedKms`). */
  readonly regionId?: string;
  /** When the request arrived, epoch ms, by the emulator's clock. */
  readonly at: number;
  /** HTTP method. */
  readonly method: string;
  /** The path as sent, still percent-encoded, without the query. */
  readonly path: string;
  /** The header Host. */
  readonly host?: string;
  /** The header User-Agent. */
  readonly userAgent?: string;
  /** The API called: `GetSecretValue`, an RPC `Action`, or an OSS operation such as `PutObject`. */
  readonly action?: string;
  /** The secret asked for (KMS), or the secret whose key signed the call (OpenAPI and OSS). */
  readonly secretName?: string;
  /** The version answered (KMS), or the version whose key signed the call (OpenAPI and OSS). */
  readonly versionId?: string;
  /** The AccessKey that the call claims to be signed with; for `dedicatedKms` the KeyId of the client key. */
  readonly accessKeyId?: string;
  /** The `SignatureNonce` of an RPC call. */
  readonly nonce?: string;
  /** Name of the bucket (OSS). */
  readonly bucket?: string;
  /** Name of the object (OSS). */
  readonly object?: string;
  /** What OSS was asked to make of an object: the parameter `x-oss-process`. */
  readonly process?: string;
  /** Size of the request body, as far as it has been received. */
  readonly bytes: number;
  /** Lower-case hex MD5 of the request body, once all of it was received; absent when there was none. */
  readonly md5?: string;
  /** HTTP status of the answer; absent while there is none, and for good when the connection was dropped. */
  readonly status?: number;
  /** The error code answered. */
  readonly code?: string;
  /** The request id answered. */
  readonly requestId: string;
  /** The kind of fault this request met. */
  readonly fault?: string;
  /** True when the call was signed with the id of one version and the secret of another one. */
  readonly tornPair?: true;
}

/** A record while its request is still in flight. */
export type OpenRecord = { -readonly [K in keyof RecordedRequest]: RecordedRequest[K] };
