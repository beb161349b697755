import type { SignatureClaim } from '../cloud/access-key-registry.js';

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
export interface OpenApiCall extends SignedCall {
  /** The RPC action; in ROA style the method and the path, such as `GET /clusters`. */
  readonly action: string;
  readonly version: string;
  /** The call's own parameters, decoded, without those of the protocol. */
  readonly params: Readonly<Record<string, string>>;
  /** The request body in ROA style, otherwise ''. */
  readonly body: string;
}
