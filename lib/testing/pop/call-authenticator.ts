import type { AccessKey } from '../cloud/access-key.js';
import type { AccessKeyRegistry, Refusal } from '../cloud/access-key-registry.js';
import type { Exchange } from '../http/exchange.js';
import { ServiceError } from '../http/service-error.js';
import type { SignedCall } from './openapi-call.js';
import type { ReplayGuard } from './replay-guard.js';

/** Decides whose call a signed call is, with the error codes of Alibaba Cloud's API gateway. */
export class CallAuthenticator {
  constructor(
    private readonly registry: AccessKeyRegistry,
    private readonly guard: ReplayGuard,
  ) {}

  /**
   * The key that signed the call.
   * @throws ServiceError to refuse it
   */
  authenticate(call: SignedCall, exchange: Exchange): AccessKey {
    call.assertVerifiable();
    this.guard.assertFresh(call);
    const verdict = this.registry.authenticate(call);
    if (verdict.torn) exchange.record.tornPair = true;
    if (verdict.outcome !== 'accepted') throw refusal(verdict.outcome, call);
    this.guard.useNonce(call);
    return verdict.key;
  }
}

function refusal(outcome: Refusal, call: SignedCall): ServiceError {
  switch (outcome) {
    case 'unknown':
      return new ServiceError(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
    case 'inactive':
      return new ServiceError(403, 'InvalidAccessKeyId.Inactive', 'Specified access key is disabled.');
    case 'tokenMissing':
      return new ServiceError(400, 'MissingSecurityToken', 'SecurityToken is mandatory for this action.');
    case 'tokenMalformed':
      return invalidToken('Malformed', 'is malformed');
    case 'tokenMismatched':
      return invalidToken('MismatchWithAccessKey', 'mismatch with the AccessKey');
    case 'tokenExpired':
      return invalidToken('Expired', 'is expired');
    case 'signatureMismatch':
      return signatureMismatch(call.stringToSign());
  }
}

/** The error for a signature that does not fit. */
export function signatureMismatch(stringToSign: string): ServiceError {
  // The real gateway shows its string to sign, too, which puts the parameters into the client's error.
  const message = `Specified signature is not matched with our calculation. server string to sign is:${stringToSign}`;
  return new ServiceError(400, 'SignatureDoesNotMatch', message);
}

function invalidToken(kind: string, problem: string): ServiceError {
  return new ServiceError(400, `InvalidSecurityToken.${kind}`, `Specified SecurityToken ${problem}.`);
}
