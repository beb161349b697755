import { ManagedCredentialsError } from '../core/errors.js';

/** What a failed KMS request tells. */
export interface KmsErrorDetails {
  /** The code that KMS or Node gave: `Forbidden.NoPermission`, `ECONNREFUSED`. */
  readonly code: string;
  /** The secret asked for. */
  readonly secretName: string;
  /** Whether the same request may succeed later, or elsewhere. */
  readonly temporary: boolean;
  /** HTTP status; absent when there was no answer. */
  readonly status?: number | undefined;
  /** Of the answer, if there was one. */
  readonly requestId?: string | undefined;
  /** The lower-level failure. */
  readonly cause?: unknown;
}

/** A secret could not be fetched from one KMS endpoint. */
export class KmsError extends ManagedCredentialsError {
  /** Whether the same request may succeed later, or elsewhere. */
  readonly temporary: boolean;
  /** HTTP status; absent when there was no answer. */
  readonly status: number | undefined;
  /** Of the answer, if there was one. */
  readonly requestId: string | undefined;

  constructor(message: string, details: KmsErrorDetails) {
    super(message, details);
    this.temporary = details.temporary;
    this.status = details.status;
    this.requestId = details.requestId;
  }
}
