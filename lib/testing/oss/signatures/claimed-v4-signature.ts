import type { OssRequest } from '../oss-request.js';
import type { ClaimedSignature } from './claimed-signature.js';
import { isV4Signature, v4StringToSign, type V4Claim } from './v4-signature.js';

/** What a signature of version 4 says in a header or in a URL, each in its own way. */
type Carried = Pick<ClaimedSignature, 'securityToken' | 'provided' | 'timeProblem'>;

/** A signature of version 4 that has been read, wherever it stood. */
export function claimedV4Signature(request: OssRequest, claim: V4Claim, carried: Carried): ClaimedSignature {
  return {
    ...carried,
    accessKeyId: claim.accessKeyId,
    stringToSign: (address) => v4StringToSign(request, claim, address),
    fits: (address, secret) => isV4Signature(carried.provided, secret, request, claim, address),
  };
}
