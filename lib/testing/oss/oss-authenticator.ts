import type { AccessKey } from '../cloud/access-key.js';
import type { AccessKeyRegistry, Refusal } from '../cloud/access-key-registry.js';
import { ServiceError } from '../http/service-error.js';
import type { OssAddress } from './oss-address.js';
import type { OssRequest } from './oss-request.js';
import type { ClaimedSignature, SignatureScheme } from './signatures/claimed-signature.js';

/** What the signature of a request says about it. */
export interface OssVerdict {
  readonly key?: AccessKey;
  /** The address that was signed; the most likely one when no signature fits. */
  readonly address: OssAddress;
  /** Why the request is refused. */
  readonly refusal?: ServiceError;
  /** Whether that is only because it carries no signature at all. */
  readonly isAnonymous?: boolean;
}

/** Verifies the signatures of OSS requests, of whichever version. */
export class OssAuthenticator {
  constructor(
    private readonly registry: AccessKeyRegistry,
    private readonly schemes: readonly SignatureScheme[],
    private readonly now: () => number,
  ) {}

  /** Judges a request; whose key it is and what it is about go into its record. */
  judge(request: OssRequest): OssVerdict {
    const [likeliest = { bucket: '', object: '' }] = request.addresses;
    try {
      return this.#verify(request, likeliest);
    } catch (error) {
      if (error instanceof ServiceError) return { address: likeliest, refusal: error };
      throw error;
    }
  }

  #verify(request: OssRequest, likeliest: OssAddress): OssVerdict {
    const claimed = this.#claimedBy(request);
    if (!claimed) return { address: likeliest, refusal: anonymous(), isAnonymous: true };
    const { accessKeyId, securityToken } = claimed;
    const { record } = request.exchange;
    record.accessKeyId = accessKeyId;
    Object.assign(record, this.registry.findKey(accessKeyId)?.owner);
    const timeProblem = claimed.timeProblem(this.now());
    let address = likeliest;
    const isSignedWith = (secret: string): boolean => {
      const signed = request.addresses.find((candidate) => claimed.fits(candidate, secret));
      address = signed ?? address;
      return signed !== undefined;
    };
    const verdict = this.registry.authenticate({ accessKeyId, securityToken, isSignedWith });
    if (verdict.torn) record.tornPair = true;
    if (timeProblem) return { address, refusal: timeProblem };
    if (verdict.outcome === 'accepted') return { address, key: verdict.key };
    return { address, refusal: refusalOf(verdict.outcome, claimed, address) };
  }

  #claimedBy(request: OssRequest): ClaimedSignature | undefined {
    for (const scheme of this.schemes) {
      const claimed = scheme(request);
      if (claimed) return claimed;
    }
    if (request.header('authorization') === '') return undefined;
    throw new ServiceError(400, 'InvalidArgument', 'Authorization header is invalid.');
  }
}

function anonymous(): ServiceError {
  const message = 'You have no right to access this object because of bucket acl.';
  return new ServiceError(403, 'AccessDenied', message);
}

function refusalOf(outcome: Refusal, claimed: ClaimedSignature, address: OssAddress): ServiceError {
  switch (outcome) {
    case 'signatureMismatch':
      return mismatch(claimed, address);
    case 'inactive':
      return invalidKey(claimed.accessKeyId, 'is disabled');
    // Without its token, a temporary key is unknown to OSS.
    case 'unknown':
    case 'tokenMissing':
      return invalidKey(claimed.accessKeyId, 'does not exist in our records');
    case 'tokenMalformed':
    case 'tokenMismatched':
      return new ServiceError(403, 'InvalidSecurityToken', 'The security token you provided is invalid.');
    case 'tokenExpired':
      return new ServiceError(403, 'SecurityTokenExpired', 'The security token you provided has expired.');
  }
}

function invalidKey(accessKeyId: string, problem: string): ServiceError {
  const message = `The OSS Access Key Id you provided ${problem}.`;
  return new ServiceError(403, 'InvalidAccessKeyId', message, { OSSAccessKeyId: accessKeyId });
}

// The real service shows the signature and its string to sign, too.
function mismatch(claimed: ClaimedSignature, address: OssAddress): ServiceError {
  const message =
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
  return new ServiceError(403, 'SignatureDoesNotMatch', message, {
    OSSAccessKeyId: claimed.accessKeyId,
    SignatureProvided: claimed.provided,
    StringToSign: claimed.stringToSign(address),
  });
}
