import { createHash } from 'node:crypto';
import type { Exchange } from '../http/exchange.js';
import { parseForm, percentDecode } from '../http/percent-encoding.js';
import { ServiceError } from '../http/service-error.js';
import { isHmacSha1 } from './hmac-sha1.js';
import type { OpenApiCall } from './openapi-call.js';
import { ProtocolHeaders } from './protocol-headers.js';

const AUTHORIZATION = /^acs ([^:\s]+):(\S+)$/;

/** A call in ROA (REST) style: a method on a path, protocol fields in headers; signature version 1.0. */
export class RoaRequest extends ProtocolHeaders implements OpenApiCall {
  readonly accessKeyId: string;
  readonly body: string;
  readonly #signature: string;

  private constructor(
    exchange: Exchange,
    private readonly bytes: Buffer,
  ) {
    super(exchange);
    const [, accessKeyId = '', signature = ''] = AUTHORIZATION.exec(exchange.header('authorization')) ?? [];
    this.accessKeyId = accessKeyId;
    this.#signature = signature;
    this.body = bytes.toString('utf8');
  }

  /** Whether a request is a ROA call at all. */
  static claims(exchange: Exchange): boolean {
    return AUTHORIZATION.test(exchange.header('authorization'));
  }

  /** Reads a call. */
  static async read(exchange: Exchange): Promise<RoaRequest> {
    return new RoaRequest(exchange, await exchange.readBody());
  }

  get action(): string {
    return this.exchange.header('x-acs-action') || `${this.exchange.method} ${this.exchange.record.path}`;
  }

  get signedAt(): number {
    return Date.parse(this.exchange.header('date'));
  }

  get params(): Readonly<Record<string, string>> {
    return Object.fromEntries(parseForm(this.exchange.queryString));
  }

  assertVerifiable(): void {
    this.assertSent(['x-acs-version', 'x-acs-signature-nonce', 'date']);
    const method = this.exchange.header('x-acs-signature-method');
    if (method !== 'HMAC-SHA1' || this.exchange.header('x-acs-signature-version') !== '1.0') {
      const message = 'Only x-acs-signature-method HMAC-SHA1 with x-acs-signature-version 1.0 is emulated.';
      throw new ServiceError(400, 'InvalidSignatureMethod', message);
    }
    const md5 = this.exchange.header('content-md5');
    if (md5 !== '' && md5 !== createHash('md5').update(this.bytes).digest('base64')) {
      throw new ServiceError(400, 'ContentMD5NotMatched', 'The body does not match Content-MD5.');
    }
  }

  stringToSign(): string {
    return this.#stringToSign(decoded(this.exchange.record.path));
  }

  // pop-core signs the path as it was given, before the HTTP client percent-encodes it; others sign it encoded.
  isSignedWith(accessKeySecret: string): boolean {
    const { path } = this.exchange.record;
    return [decoded(path), path].some((resource) =>
      isHmacSha1(this.#signature, accessKeySecret, this.#stringToSign(resource)),
    );
  }

  #stringToSign(path: string): string {
    const header = (name: string): string => this.exchange.header(name);
    const acsHeaders = Object.keys(this.exchange.headers)
      .filter((name) => name.startsWith('x-acs-'))
      .toSorted()
      .map((name) => `${name}:${header(name).trim()}`);
    const query = canonicalQuery(this.exchange.queryString);
    return [
      this.exchange.method,
      ...['accept', 'content-md5', 'content-type', 'date'].map(header),
      ...acsHeaders,
      query === '' ? path : `${path}?${query}`,
    ].join('\n');
  }
}

// Names and values are signed decoded; a name without `=` stays without.
function canonicalQuery(queryString: string): string {
  return queryString
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => pair.split('=', 2).map((part) => decoded(part.replaceAll('+', ' '))))
    .toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
}

function decoded(text: string): string {
  return percentDecode(text) ?? text;
}
