import { describe, expect, it } from '@jest/globals';

import { explainKmsCode, isThrottling, KMS_IDENTITY_REJECTED } from '../../lib/kms/kms-code.js';

const IDENTITY = { rejected: 'renew the client key', permit: 'add it to the access point' };
const explain = (code: string, status: number) => explainKmsCode(code, status, IDENTITY);

describe('a code of KMS', () => {
  it.each([
    ['Throttling', 400],
    ['Throttling.User', 400],
    ['Throttling.Api', 400],
    ['Rejected.Throttling', 429],
    ['QpsLimitExceeded', 429],
  ])('tells of a request limit, which a later request may find free again: %s (%i)', (code, status) => {
    expect(isThrottling(code, status)).toBe(true);
    expect(explain(code, status)).toEqual({
      code,
      temporary: true,
      explanation: 'KMS is overloaded or out of order for the moment',
    });
  });

  it.each([
    ['ServiceUnavailable', 400],
    ['ServiceUnavailableTemporary', 400],
    ['InternalFailure', 0],
    ['InternalError', 500],
    ['Whatever', 502],
    ['Whatever', 599],
  ])('tells of a disorder that may pass, and is no request limit: %s (%i)', (code, status) => {
    expect(isThrottling(code, status)).toBe(false);
    expect(explain(code, status)).toEqual({
      code,
      temporary: true,
      explanation: 'KMS is overloaded or out of order for the moment',
    });
  });

  it.each([
    ['Unauthorized', 401],
    ['Unauthorized', 404],
    ['InvalidAccessKeyId', 403],
    ['InvalidAccessKeyId.NotFound', 404],
    ['InvalidAccessKeyId.Inactive', 403],
    ['InvalidAccessKeySecret', 400],
    ['SignatureNotMatch', 401],
    ['SignatureDoesNotMatch', 400],
    ['IncompleteSignature', 400],
    ['InvalidSecurityToken.Expired', 400],
    ['InvalidSecurityToken.MismatchWithAccessKey', 400],
    ['SecurityTokenExpired', 403],
    ['MissingSecurityToken', 400],
  ])('tells that the own identity is not accepted, and is not handed on: %s (%i)', (code, status) => {
    expect(explain(code, status)).toEqual({
      code: KMS_IDENTITY_REJECTED,
      temporary: false,
      explanation: 'renew the client key',
    });
  });

  it.each([
    [
      'Forbidden.ResourceNotFound',
      404,
      /^there is no such secret; check the name, .* region and KMS instance$/,
    ],
    ['Forbidden.SecretNotFound', 404, /^there is no such secret/],
    ['Forbidden.KeyNotFound', 404, /^there is no such secret/],
    ['Forbidden.InDebt', 403, /^the account is in debt; settle it/],
    ['Forbidden.InDebtOverdue', 403, /^the account is in debt; settle it/],
    ['Forbidden', 403, /^the application has no permission for it; add it to the access point$/],
    ['Forbidden.NoPermission', 403, /^the application has no permission for it; add it to the access point$/],
    ['Forbidden.RAM', 403, /^the application has no permission for it; add it to the access point$/],
    [
      'RequestTimeTooSkewed',
      400,
      /^the clock of this machine is off by more than 15 minutes; synchronize it$/,
    ],
    ['InvalidTimeStamp.Expired', 400, /^the clock of this machine is off/],
    ['InvalidTimeStamp.Format', 400, /^the clock of this machine is off/],
    ['InvalidParam', 400, /^see the error code in the KMS documentation$/],
    ['Rejected.Disabled', 409, /^see the error code in the KMS documentation$/],
    ['', 400, /^see the error code in the KMS documentation$/],
  ])('that only a change of settings can help says which: %s (%i)', (code, status, explanation) => {
    expect(isThrottling(code, status)).toBe(false);
    expect(explain(code, status)).toEqual({
      code,
      temporary: false,
      explanation: expect.stringMatching(explanation),
    });
  });
});
