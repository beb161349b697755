import { ServiceError } from '../../http/service-error.js';

const MAX_SKEW_MS = 15 * 60_000;

/**
 * What is wrong with a request that says when it was signed.
 * @param signedAt epoch ms; NaN when it does not say so understandably
 */
export function skewProblem(signedAt: number, now: number): ServiceError | undefined {
  if (Number.isNaN(signedAt)) {
    return new ServiceError(403, 'AccessDenied', 'OSS authentication requires a valid Date.');
  }
  if (Math.abs(now - signedAt) <= MAX_SKEW_MS) return undefined;
  const message = 'The difference between the request time and the current time is too large.';
  return new ServiceError(403, 'RequestTimeTooSkewed', message, {
    MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS),
    RequestTime: new Date(signedAt).toISOString(),
    ServerTime: new Date(now).toISOString(),
  });
}

/** What is wrong with a request that says until when it is good, epoch ms. */
export function expiryProblem(expiresAt: number, now: number): ServiceError | undefined {
  if (expiresAt > now) return undefined;
  return new ServiceError(403, 'AccessDenied', 'Request has expired.', {
    Expires: new Date(expiresAt).toISOString(),
    ServerTime: new Date(now).toISOString(),
  });
}
