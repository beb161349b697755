/** What an error code of KMS means for whoever operates the application. */
export interface KmsCodeMeaning {
  /** The code to report. */
  readonly code: string;
  /** What to do about it. */
  readonly explanation: string;
  /** Whether the same request may succeed later. */
  readonly temporary: boolean;
}

/** The codes that the official clients retry (backoff_utils of alibabacloud-secretsmanager-client). */
const TEMPORARY_CODES = new Set(['Rejected.Throttling', 'ServiceUnavailableTemporary', 'InternalFailure']);

/**
 * Says that KMS does not accept the application's own identity. KMS's codes for it, `Unauthorized` and
 * `InvalidAccessKeyId.NotFound` among them, are also what a cloud API answers to an expired managed key, and must
 * never be taken for that.
 */
export const KMS_IDENTITY_REJECTED = 'KmsIdentityRejected';

const IDENTITY_CODES =
  /^(?:Unauthorized|InvalidAccessKeyId|SignatureNotMatch|SignatureDoesNotMatch|IncompleteSignature|InvalidSecurityToken|SecurityTokenExpired)/;

/** Explains an error code of the dedicated-KMS gateway. */
export function explainKmsCode(code: string, status: number): KmsCodeMeaning {
  if (IDENTITY_CODES.test(code)) {
    return {
      code: KMS_IDENTITY_REJECTED,
      explanation:
        'KMS does not accept the client key: check that "clientKeyFile" was made for this very instance and has not been deleted or expired',
      temporary: false,
    };
  }
  const isTemporary = TEMPORARY_CODES.has(code) || status >= 500 || status === 429;
  return { code, explanation: explanationOf(code, isTemporary), temporary: isTemporary };
}

function explanationOf(code: string, isTemporary: boolean): string {
  if (code.startsWith('Forbidden.ResourceNotFound')) {
    return 'there is no such secret in this instance; check the name, and that the secret was made in this KMS instance';
  }
  if (code.startsWith('Forbidden')) {
    return 'the application has no permission for it; add the secret to the accessible resources of its application access point (AAP) in KMS';
  }
  if (code === 'RequestTimeTooSkewed') {
    return 'the clock of this machine is off by more than 15 minutes; synchronize it';
  }
  return isTemporary
    ? 'KMS is overloaded or out of order for the moment'
    : 'see the error code in the KMS documentation';
}
