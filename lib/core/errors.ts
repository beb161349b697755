import { isError } from './is-error.js';

/** What every error of this library can tell besides its message. */
export interface ManagedCredentialsErrorDetails {
  /** Stable, machine-readable reason, such as `Closed` or a code that KMS answered. */
  readonly code: string;
  /** The secret concerned, by the name the application uses. */
  readonly secretName?: string | undefined;
  /** The lower-level failure. Only pass one that is known to hold no secret. */
  readonly cause?: unknown;
}

/**
 * Base of all errors this library makes. The message says what failed and what to do about it, and never
 * holds an access key secret, a signature, a password, a private key or secret data.
 *
 * Errors of a cloud SDK are not wrapped: they reach the caller as the SDK made them.
 */
export class ManagedCredentialsError extends Error {
  /** Stable, machine-readable reason, such as `Closed` or a code that KMS answered. */
  readonly code: string;
  /** The secret concerned, by the name the application uses. */
  readonly secretName: string | undefined;

  constructor(message: string, details: ManagedCredentialsErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.secretName = details.secretName;
  }
}

/** The secret exists, but what it holds is no access key. Code: `InvalidSecret`. */
export class InvalidSecretError extends ManagedCredentialsError {
  constructor(secretName: string, problem: string) {
    super(
      `Secret "${secretName}" holds no usable access key: ${problem}. ` +
        'Name a managed RAM credential (in the KMS console: Secrets, type "RAM Secrets"), ' +
        'or a secret whose value is JSON with "AccessKeyId" and "AccessKeySecret".',
      { code: 'InvalidSecret', secretName },
    );
  }
}

/** Something was asked of a module that has been shut down. Code: `Closed`. */
export class ClosedError extends ManagedCredentialsError {
  constructor(secretName?: string) {
    super(
      `${secretName === undefined ? 'Managed credentials' : `The credentials of secret "${secretName}"`} ` +
        'cannot be used any more: the application that provided them has been closed. ' +
        'Make no cloud call after app.close(), or take the client from a new application.',
      { code: 'Closed', secretName },
    );
  }
}

/**
 * A synchronous reader, or a call with a time-out that has passed, needed credentials before the first fetch was done.
 * Code: `NotReady`.
 */
export class NotReadyError extends ManagedCredentialsError {
  constructor(secretName: string) {
    super(
      `The credentials of secret "${secretName}" have not been fetched yet. ` +
        `Wait for application start-up (or await ManagedCredentialsService.getCredentials("${secretName}")) ` +
        'before signing anything, or give the call more time.',
      { code: 'NotReady', secretName },
    );
  }
}

/** The code that stands for an error in events, log lines and status rows: never its message. */
export function errorCodeOf(error: unknown): string {
  if (!isError(error)) return 'UnknownError';
  const code = error['code'];
  return typeof code === 'string' && code !== '' ? code : error.name;
}
