const CODES: Readonly<Record<number, string>> = {
  400: 'InvalidParameter',
  403: 'Forbidden.NoPermission',
  404: 'Forbidden.ResourceNotFound',
  429: 'Rejected.Throttling',
  503: 'ServiceUnavailableTemporary',
};

/** The code that KMS uses for a status. */
export function defaultKmsCode(status: number): string {
  return CODES[status] ?? 'InternalFailure';
}
