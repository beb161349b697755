import type { AccessKey } from '../cloud/access-key.js';
import type { AccessKeyRegistry, Verdict } from '../cloud/access-key-registry.js';
import type { Exchange } from '../http/exchange.js';
import { ServiceError } from '../http/service-error.js';
import { NonceMemory } from './nonce-memory.js';
import type { SignedCall } from './openapi-call.js';

const MAX_SKEW_MS = 15 * 60_000;
const REMEMBERED_NONCES = 200_000;

/** Decides whose call a signed call is, with the error codes of Alibaba Cloud's API gateway. */
export class CallAuthenticator {
  readonly #nonces = new NonceMemory(REMEMBERED_NONCES);

  constructor(
    private readonly registry: AccessKeyRegistry,
    private readonly now: () => number,
  ) {}

  /**
   * The key that signed the call.
   * @throws ServiceError to refuse it
   */
  authenticate(call: SignedCall, exchange: Exchange): AccessKey {
    call.assertVerifiable();
    this.#assertFresh(call.signedAt);
    const verdict = this.registry.authenticate(call.accessKeyId, (secret) => call.isSignedWith(secret));
    if (verdict.torn) exchange.record.tornPair = true;
    if (verdict.outcome !== 'accepted') throw refusal(verdict.outcome, call);
    if (!this.#nonces.use(`${call.accessKeyId} ${call.nonce}`)) {
      throw new ServiceError(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
    }
    return verdict.key;
  }

  #assertFresh(signedAt: number): void {
    const problem = 'Specified time stamp or date value is';
    if (Number.isNaN(signedAt)) {
      throw new ServiceError(400, 'InvalidTimeStamp.Format', `${problem} not well formatted.`);
    }
    if (Math.abs(this.now() - signedAt) > MAX_SKEW_MS) {
      throw new ServiceError(400, 'InvalidTimeStamp.Expired', `${problem} expired.`);
    }
  }
}

function refusal(outcome: Exclude<Verdict['outcome'], 'accepted'>, call: SignedCall): ServiceError {
  if (outcome === 'unknown') {
    return new ServiceError(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
  }
  if (outcome === 'inactive') {
    return new ServiceError(403, 'InvalidAccessKeyId.Inactive', 'Specified access key is disabled.');
  }
  // The real gateway shows its string to sign, too, which puts the parameters into the client's error.
  const message = `Specified signature is not matched with our calculation. server string to sign is:${call.stringToSign()}`;
  return new ServiceError(400, 'SignatureDoesNotMatch', message);
}
