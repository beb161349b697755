/** A call whose signature can be verified. */
export interface SignedCall {
  readonly accessKeyId: string;
  readonly nonce: string;
  /** When the call says it was signed, epoch ms; NaN when it does not say so understandably. */
  readonly signedAt: number;

  /** @throws ServiceError when something is missing, or the signature is of a kind that is not emulated */
  assertVerifiable(): void;

  /** What the signature must cover. */
  stringToSign(): string;

  /** Whether the signature fits an AccessKey secret. */
  isSignedWith(accessKeySecret: string): boolean;
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
