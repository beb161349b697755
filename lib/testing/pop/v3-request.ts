import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Exchange } from '../http/exchange.js';
import { parseForm, percentDecode, percentEncode } from '../http/percent-encoding.js';
import { ServiceError } from '../http/service-error.js';
import type { OpenApiCall } from './openapi-call.js';
import { ProtocolHeaders } from './protocol-headers.js';

const AUTHORIZATION =
  /^ACS3-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;
const FORM = 'application/x-www-form-urlencoded';
const CONTENT_HASH = 'x-acs-content-sha256';
const MANDATORY = ['x-acs-action', 'x-acs-version', 'x-acs-signature-nonce', 'x-acs-date', CONTENT_HASH];

/** A call whose protocol fields stand in headers, in RPC or ROA style: signature version 3, `ACS3-HMAC-SHA256`. */
export class V3Request extends ProtocolHeaders implements OpenApiCall {
  readonly accessKeyId: string;
  readonly body: string;
  readonly params: Readonly<Record<string, string>>;
  readonly #signedHeaders: readonly string[];
  readonly #signature: string;

  private constructor(
    exchange: Exchange,
    private readonly bytes: Buffer,
  ) {
    super(exchange);
    const [, accessKeyId = '', signedHeaders = '', signature = ''] =
      AUTHORIZATION.exec(exchange.header('authorization')) ?? [];
    this.accessKeyId = accessKeyId;
    this.#signedHeaders = signedHeaders.split(';');
    this.#signature = signature;
    const isForm = exchange.header('content-type').startsWith(FORM);
    const text = bytes.toString('utf8');
    this.body = isForm ? '' : text;
    const form = isForm ? parseForm(text) : [];
    this.params = Object.fromEntries([...parseForm(exchange.queryString), ...form]);
  }

  /** Whether a request is such a call at all. */
  static claims(exchange: Exchange): boolean {
    return /^ACS\d-/.test(exchange.header('authorization'));
  }

  /** Reads a call. */
  static async read(exchange: Exchange): Promise<V3Request> {
    return new V3Request(exchange, await exchange.readBody());
  }

  get action(): string {
    return this.exchange.header('x-acs-action');
  }

  get signedAt(): number {
    return Date.parse(this.exchange.header('x-acs-date'));
  }

  assertVerifiable(): void {
    if (this.#signature === '') {
      const message = 'Only ACS3-HMAC-SHA256 is emulated, with all its fields.';
      throw new ServiceError(400, 'InvalidSignatureMethod', message);
    }
    this.assertSent(MANDATORY);
    const mustBeSigned = Object.keys(this.exchange.headers).filter(
      (name) => name.startsWith('x-acs-') || name === 'host' || name === 'content-type',
    );
    const unsigned = mustBeSigned.filter((name) => !this.#signedHeaders.includes(name));
    if (unsigned.length > 0) {
      const message = `The request signature does not conform to the standards: ${unsigned.join(', ')} unsigned.`;
      throw new ServiceError(400, 'IncompleteSignature', message);
    }
    if (this.exchange.header(CONTENT_HASH) !== sha256(this.bytes)) {
      const message = `Specified signature is not matched: ${CONTENT_HASH} is not that of the body.`;
      throw new ServiceError(400, 'SignatureDoesNotMatch', message);
    }
  }

  stringToSign(): string {
    return this.#stringToSign(this.exchange.record.path);
  }

  // SDKs sign the path as it was given, before the HTTP client percent-encodes what is left to encode.
  isSignedWith(accessKeySecret: string): boolean {
    const { path } = this.exchange.record;
    const given = Buffer.from(this.#signature, 'hex');
    return [path, percentDecode(path) ?? path].some((candidate) => {
      const expected = createHmac('sha256', accessKeySecret).update(this.#stringToSign(candidate)).digest();
      return given.length === expected.length && timingSafeEqual(given, expected);
    });
  }

  #stringToSign(path: string): string {
    const canonical = [
      this.exchange.method,
      path,
      this.#canonicalQuery(),
      this.#signedHeaders.map((name) => `${name}:${this.exchange.header(name).trim()}\n`).join(''),
      this.#signedHeaders.join(';'),
      this.exchange.header(CONTENT_HASH),
    ].join('\n');
    return `ACS3-HMAC-SHA256\n${sha256(Buffer.from(canonical))}`;
  }

  #canonicalQuery(): string {
    return [...parseForm(this.exchange.queryString)]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
      .join('&');
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
