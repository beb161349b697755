import type { AccessKey } from '../cloud/access-key.js';
import type { AccessKeyRegistry, Verdict } from '../cloud/access-key-registry.js';
import type { Exchange } from '../http/exchange.js';
import { ServiceError } from '../http/service-error.js';
import { NonceMemory } from './nonce-memory.js';
import type { RpcRequest } from './rpc-request.js';

const MAX_SKEW_MS = 15 * 60_000;
const REMEMBERED_NONCES = 200_000;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** Verifies signature version 1.0 (HMAC-SHA1) of RPC calls. */
export class RpcAuthenticator {
  readonly #nonces = new NonceMemory(REMEMBERED_NONCES);

  constructor(
    private readonly registry: AccessKeyRegistry,
    private readonly now: () => number,
  ) {}

  /**
   * The key that signed the call.
   * @throws ServiceError with the code that the OpenAPI gateway uses
   */
  authenticate(request: RpcRequest, exchange: Exchange): AccessKey {
    for (const name of ['Action', 'Version', 'AccessKeyId', 'Signature', 'SignatureNonce'])
      request.require(name);
    this.#verifyMethod(request);
    this.#verifyTimestamp(request.require('Timestamp'));
    const accessKeyId = request.get('AccessKeyId');
    const verdict = this.registry.authenticate(accessKeyId, (secret) => request.isSignedWith(secret));
    if (verdict.torn) exchange.record.tornPair = true;
    if (verdict.outcome !== 'accepted') throw refusal(verdict.outcome, request);
    const nonce = request.get('SignatureNonce');
    if (!this.#nonces.use(`${accessKeyId} ${nonce}`)) {
      throw new ServiceError(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
    }
    return verdict.key;
  }

  #verifyMethod(request: RpcRequest): void {
    if (request.get('SignatureMethod') !== 'HMAC-SHA1' || request.get('SignatureVersion') !== '1.0') {
      const message = 'Only SignatureMethod HMAC-SHA1 with SignatureVersion 1.0 is emulated.';
      throw new ServiceError(400, 'InvalidSignatureMethod', message);
    }
  }

  #verifyTimestamp(timestamp: string): void {
    const sentAt = TIMESTAMP.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
    if (Number.isNaN(sentAt)) {
      const message = 'Specified time stamp or date value is not well formatted.';
      throw new ServiceError(400, 'InvalidTimeStamp.Format', message);
    }
    if (Math.abs(this.now() - sentAt) > MAX_SKEW_MS) {
      throw new ServiceError(
        400,
        'InvalidTimeStamp.Expired',
        'Specified time stamp or date value is expired.',
      );
    }
  }
}

function refusal(outcome: Exclude<Verdict['outcome'], 'accepted'>, request: RpcRequest): ServiceError {
  if (outcome === 'unknown') {
    return new ServiceError(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
  }
  if (outcome === 'inactive') {
    return new ServiceError(403, 'InvalidAccessKeyId.Inactive', 'Specified access key is disabled.');
  }
  // The real gateway shows its string to sign, too, which puts the parameters into the client's error.
  const message = `Specified signature is not matched with our calculation. server string to sign is:${request.stringToSign()}`;
  return new ServiceError(400, 'SignatureDoesNotMatch', message);
}
