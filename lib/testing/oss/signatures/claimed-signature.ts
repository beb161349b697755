import type { ServiceError } from '../../http/service-error.js';
import type { OssAddress } from '../oss-address.js';
import type { OssRequest } from '../oss-request.js';

/** A signature that a request carries, not yet verified. */
export interface ClaimedSignature {
  readonly accessKeyId: string;
  /** '' for none. */
  readonly securityToken: string;
  /** The signature as it was sent. */
  readonly provided: string;
  /** Why the signature is not good at a time, epoch ms: too old, too early, or it does not say. */
  timeProblem(now: number): ServiceError | undefined;
  /** What the signature must cover if this is the address that was meant. */
  stringToSign(address: OssAddress): string;
  /** Whether it is the signature of that address with that secret. */
  fits(address: OssAddress, accessKeySecret: string): boolean;
}

/**
 * Reads one kind of signature; undefined when the request carries none of that kind.
 * @throws ServiceError when it is malformed
 */
export type SignatureScheme = (request: OssRequest) => ClaimedSignature | undefined;
