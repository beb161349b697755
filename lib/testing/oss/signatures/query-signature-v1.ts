import { ServiceError } from '../../http/service-error.js';
import type { OssAddress } from '../oss-address.js';
import type { SignatureScheme } from './claimed-signature.js';
import { expiryProblem } from './time-problems.js';
import { isV1Signature, v1StringToSign } from './v1-string-to-sign.js';

/** Signature version 1 in a URL: `?OSSAccessKeyId=…&Expires=…&Signature=…`. */
export const querySignatureV1: SignatureScheme = (request) => {
  const accessKeyId = request.query.get('OSSAccessKeyId');
  if (accessKeyId === undefined) return undefined;
  const [expires, provided] = [request.query.get('Expires') ?? '', request.query.get('Signature') ?? ''];
  if (expires === '' || provided === '') {
    const message = 'OSSAccessKeyId, Expires and Signature are all needed in a signed URL.';
    throw new ServiceError(403, 'AccessDenied', message);
  }
  const stringToSign = (address: OssAddress): string => v1StringToSign(request, expires, address);
  return {
    accessKeyId,
    securityToken: request.query.get('security-token') ?? '',
    provided,
    timeProblem(now) {
      if (/^\d+$/.test(expires)) return expiryProblem(Number(expires) * 1000, now);
      const message = `Invalid date (should be seconds since epoch): ${expires}`;
      return new ServiceError(403, 'AccessDenied', message);
    },
    stringToSign,
    fits: (address, accessKeySecret) => isV1Signature(provided, accessKeySecret, stringToSign(address)),
  };
};
