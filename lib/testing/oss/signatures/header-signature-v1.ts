import type { OssAddress } from '../oss-address.js';
import type { SignatureScheme } from './claimed-signature.js';
import { skewProblem } from './time-problems.js';
import { isV1Signature, v1StringToSign } from './v1-string-to-sign.js';

/** Signature version 1 in a header: `Authorization: OSS <id>:<base64 HMAC-SHA1>`. */
export const headerSignatureV1: SignatureScheme = (request) => {
  const [, accessKeyId, provided] = /^OSS ([^:\s]+):(\S+)$/.exec(request.header('authorization')) ?? [];
  if (accessKeyId === undefined || provided === undefined) return undefined;
  // x-oss-date takes the place of Date, for clients that cannot set Date.
  const date = request.header('x-oss-date') || request.header('date');
  const stringToSign = (address: OssAddress): string => v1StringToSign(request, date, address);
  return {
    accessKeyId,
    securityToken: request.header('x-oss-security-token'),
    provided,
    timeProblem: (now) => skewProblem(Date.parse(date), now),
    stringToSign,
    fits: (address, accessKeySecret) => isV1Signature(provided, accessKeySecret, stringToSign(address)),
  };
};
