/** What an error code of KMS means for whoever operates the application. */
export interface KmsCodeMeaning {
  /** The code to report. */
  readonly code: string;
  /** What to do about it. */
  readonly explanation: string;
  /** Whether the same request may succeed later. */
  readonly temporary: boolean;
}

/** Whether KMS refused a request because too many were sent. */
export function isThrottling(code: string, status?: number): boolean {
  return status === 429 || /^(?:Rejected\.)?Throttling/.test(code);
}

/** Disorders that pass: what the official clients retry (backoff_utils of alibabacloud-secretsmanager-client), and kin. */
const TEMPORARY_CODES = new Set(['ServiceUnavailable', 'ServiceUnavailableTemporary', 'InternalFailure']);

/**
 * Says that KMS does not accept the application's own identity. KMS's codes for it, `Unauthorized` and
 * `InvalidAccessKeyId.NotFound` among them, are also what a cloud API answers to an expired managed key, and must
 * never be taken for that.
 */
export const KMS_IDENTITY_REJECTED = 'KmsIdentityRejected';

const IDENTITY_CODES =
  /^(?:Unauthorized|InvalidAccessKeyId|InvalidAccessKeySecret|SignatureNotMatch|SignatureDoesNotMatch|IncompleteSignature|InvalidSecurityToken|SecurityTokenExpired|MissingSecurityToken)/;

/**
 * Explains an error code of KMS.
 *
 * @param identity what the application identifies itself with, for the advice
 */
export function explainKmsCode(code: string, status: number, identity: IdentityAdvice): KmsCodeMeaning {
  if (IDENTITY_CODES.test(code)) {
    return { code: KMS_IDENTITY_REJECTED, explanation: identity.rejected, temporary: false };
  }
  const isTemporary = isThrottling(code, status) || TEMPORARY_CODES.has(code) || status >= 500;
  return { code, explanation: explanationOf(code, isTemporary, identity), temporary: isTemporary };
}

/** Advice that depends on what the application identifies itself with. */
export interface IdentityAdvice {
  /** What to do when KMS does not accept it. */
  readonly rejected: string;
  /** How to permit it a secret. */
  readonly permit: string;
}

function explanationOf(code: string, isTemporary: boolean, { permit }: IdentityAdvice): string {
  if (/^Forbidden\.\w*NotFound/.test(code)) {
    return 'there is no such secret; check the name, and that the secret was made in this region and KMS instance';
  }
  if (code.startsWith('Forbidden.InDebt')) return 'the account is in debt; settle it to use KMS again';
  if (code.startsWith('Forbidden')) return `the application has no permission for it; ${permit}`;
  if (code === 'RequestTimeTooSkewed' || code.startsWith('InvalidTimeStamp')) {
    return 'the clock of this machine is off by more than 15 minutes; synchronize it';
  }
  return isTemporary
    ? 'KMS is overloaded or out of order for the moment'
    : 'see the error code in the KMS documentation';
}
