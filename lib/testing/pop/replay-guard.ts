import { ServiceError } from '../http/service-error.js';
import { NonceMemory } from './nonce-memory.js';
import type { UniqueCall } from './openapi-call.js';

const MAX_SKEW_MS = 15 * 60_000;
const REMEMBERED_NONCES = 20_000;

/** Refuses calls that are stale, and calls that were made before. */
export class ReplayGuard {
  readonly #nonces = new NonceMemory(REMEMBERED_NONCES);

  constructor(private readonly now: () => number) {}

  /** @throws ServiceError 400 when the call is older or newer than 15 minutes, or does not say */
  assertFresh({ signedAt }: UniqueCall): void {
    const problem = 'Specified time stamp or date value is';
    if (Number.isNaN(signedAt)) {
      throw new ServiceError(400, 'InvalidTimeStamp.Format', `${problem} not well formatted.`);
    }
    if (Math.abs(this.now() - signedAt) > MAX_SKEW_MS) {
      throw new ServiceError(400, 'InvalidTimeStamp.Expired', `${problem} expired.`);
    }
  }

  /**
   * Uses the nonce of a call up. Only for calls that were verified, so that nobody can use up those of others.
   * @throws ServiceError 400 when it was used before
   */
  useNonce({ accessKeyId, nonce }: UniqueCall): void {
    if (this.#nonces.use(`${accessKeyId} ${nonce}`)) return;
    throw new ServiceError(400, 'SignatureNonceUsed', 'Specified signature nonce was used already.');
  }
}
