import { isError } from './is-error.js';

/** A secret as KMS answers it, in KMS's own strings. Absent and empty mean the same. */
export interface SecretValue {
  readonly secretName: string;
  readonly versionId: string;
  /** The content; for a managed RAM credential JSON with the access key. Never print it. */
  readonly secretData: string;
  readonly secretType?: string | undefined;
  /** JSON; `SecretSubType` says `RamUserAccessKey` for a managed RAM credential. */
  readonly extendedConfig?: string | undefined;
  /** `yyyy-MM-ddTHH:mm:ssZ`. */
  readonly createTime?: string | undefined;
  /** `yyyy-MM-ddTHH:mm:ssZ`. */
  readonly nextRotationDate?: string | undefined;
  /** Seconds with their unit, such as `604800s`. */
  readonly rotationInterval?: string | undefined;
}

/** How a fetch may end before it is done. */
export interface FetchLimits {
  /** Aborted at shutdown. */
  readonly signal: AbortSignal;
  /** How long the fetch may take, when the source's own limit is too long. */
  readonly timeoutMs?: number | undefined;
  /**
   * Whether nobody waits for the fetch and a later one will do: then a source that is out of order is asked once, and
   * not again within this fetch.
   */
  readonly isProbe?: boolean | undefined;
  /** What events call the secret, where KMS knows it by another name. @default the name that is asked for */
  readonly eventName?: string | undefined;
}

/** Where secrets come from: KMS, or anything that can stand in for it. */
export interface SecretSource {
  /**
   * Fetches the current version of a secret.
   *
   * @throws an error with a string `code`, and `temporary: true` when the same request may succeed later.
   */
  getSecretValue(secretName: string, limits: FetchLimits): Promise<SecretValue>;
}

/** Whether a failed fetch may succeed when it is tried again, by what the source said of its error. */
export function isTemporary(error: unknown): boolean {
  return isError(error) && error['temporary'] === true;
}
