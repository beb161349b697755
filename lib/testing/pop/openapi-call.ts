import type { SignatureClaim } from '../cloud/access-key-registry.js';
import type { ActionCall } from '../openapi/openapi-actions.js';

/** A call that can be told from others, and that says when it was signed. */
export interface UniqueCall {
  readonly accessKeyId: string;
  readonly nonce: string;
  /** When the call says it was signed, epoch ms; NaN when it does not say so understandably. */
  readonly signedAt: number;
}

/** A call whose signature can be verified with an AccessKey secret. */
export interface SignedCall extends UniqueCall, SignatureClaim {
  /** @throws ServiceError when something is missing, or the signature is of a kind that is not emulated */
  assertVerifiable(): void;

  /** What the signature must cover. */
  stringToSign(): string;
}

/** A call to an OpenAPI product, in whichever style. */
export interface OpenApiCall extends SignedCall, ActionCall {}
