import type { ServiceError } from '../../http/service-error.js';
import type { SignatureScheme } from './claimed-signature.js';
import { claimedV4Signature } from './claimed-v4-signature.js';
import { expiryProblem, skewProblem } from './time-problems.js';
import { invalidV4, parseV4Credential, parseV4Date, V4_ALGORITHM, type V4Claim } from './v4-signature.js';

// Seven days.
const MAX_EXPIRES_SECONDS = 604_800;

/** Signature version 4 in a URL: `?x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=…&x-oss-signature=…`. */
export const querySignatureV4: SignatureScheme = (request) => {
  const parameter = (name: string): string => request.query.get(name) ?? '';
  if (parameter('x-oss-signature-version') !== V4_ALGORITHM) return undefined;
  const [date, provided] = [parameter('x-oss-date'), parameter('x-oss-signature')];
  const seconds = Number(parameter('x-oss-expires') || Number.NaN);
  const additional = parameter('x-oss-additional-headers');
  const claim: V4Claim = {
    ...parseV4Credential(parameter('x-oss-credential'), date),
    date,
    additionalHeaders: additional === '' ? [] : additional.split(';'),
    payloadHash: request.header('x-oss-content-sha256') || 'UNSIGNED-PAYLOAD',
  };
  if (provided === '') throw invalidV4('x-oss-signature is missing');
  if (!(Number.isInteger(seconds) && seconds >= 1 && seconds <= MAX_EXPIRES_SECONDS)) {
    throw invalidV4('x-oss-expires must be a number of seconds up to seven days');
  }
  const signedAt = parseV4Date(date);
  return claimedV4Signature(request, claim, {
    securityToken: parameter('x-oss-security-token'),
    provided,
    timeProblem: (now) => timeProblem(signedAt, seconds, now),
  });
};

// A URL may be old, as long as it has not expired; it may not come from the future.
function timeProblem(signedAt: number, seconds: number, now: number): ServiceError | undefined {
  if (!(signedAt <= now)) return skewProblem(signedAt, now);
  return expiryProblem(signedAt + seconds * 1000, now);
}
