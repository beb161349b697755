import { verify, type KeyObject } from 'node:crypto';
import type { Exchange } from '../http/exchange.js';
import { ServiceError } from '../http/service-error.js';
import { parseForm, percentEncode } from '../http/percent-encoding.js';
import { isHmacSha1 } from './hmac-sha1.js';
import type { OpenApiCall } from './openapi-call.js';

const FORM = 'application/x-www-form-urlencoded';
// The reference knows seconds only; the STS class of ali-oss sends milliseconds.
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;
const MANDATORY = ['Action', 'Version', 'AccessKeyId', 'Signature', 'SignatureNonce', 'Timestamp'] as const;
const OF_THE_PROTOCOL: ReadonlySet<string> = new Set([
  ...MANDATORY,
  'Format',
  'SecurityToken',
  'SignatureMethod',
  'SignatureType',
  'SignatureVersion',
]);

/** A call in RPC style: named parameters in the query and, with POST, in a form; signature version 1.0. */
export class RpcRequest implements OpenApiCall {
  readonly body = '';

  private constructor(
    private readonly method: string,
    private readonly all: ReadonlyMap<string, string>,
  ) {}

  /** Reads a call; parameters of the form go before those of the query. */
  static async read(exchange: Exchange): Promise<RpcRequest> {
    const all = parseForm(exchange.queryString);
    if (exchange.method === 'POST' && exchange.header('content-type').startsWith(FORM)) {
      const form = parseForm((await exchange.readBody()).toString('utf8'));
      for (const [name, value] of form) all.set(name, value);
    }
    return new RpcRequest(exchange.method, all);
  }

  get action(): string {
    return this.get('Action');
  }

  get version(): string {
    return this.get('Version');
  }

  get accessKeyId(): string {
    return this.get('AccessKeyId');
  }

  get nonce(): string {
    return this.get('SignatureNonce');
  }

  get securityToken(): string {
    return this.get('SecurityToken');
  }

  /** Whether the call says that it is signed with a private key in place of an AccessKey secret. */
  get claimsPrivateKey(): boolean {
    return this.get('SignatureType') === 'PRIVATEKEY';
  }

  get signedAt(): number {
    const timestamp = this.get('Timestamp');
    return TIMESTAMP.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  }

  get params(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.all].filter(([name]) => !OF_THE_PROTOCOL.has(name)));
  }

  /** A parameter's value, or '' without it. */
  get(name: string): string {
    return this.all.get(name) ?? '';
  }

  /** @throws ServiceError 400 when the parameter is missing or empty */
  require(name: string): string {
    const value = this.get(name);
    if (value !== '') return value;
    const message = `The input parameter "${name}" that is mandatory for processing this request is not supplied.`;
    throw new ServiceError(400, 'MissingParameter', message);
  }

  assertVerifiable(): void {
    this.assertSignatureMethod('HMAC-SHA1');
  }

  /** @throws ServiceError 400 when something is missing, or the signature is of another kind */
  assertSignatureMethod(method: string): void {
    for (const name of MANDATORY) this.require(name);
    if (this.get('SignatureMethod') !== method || this.get('SignatureVersion') !== '1.0') {
      const message = `Only SignatureMethod ${method} with SignatureVersion 1.0 is emulated.`;
      throw new ServiceError(400, 'InvalidSignatureMethod', message);
    }
  }

  /** @throws ServiceError 404 when the call is for another version of the API */
  assertVersion(version: string): void {
    if (this.version === version) return;
    throw new ServiceError(
      404,
      'InvalidVersion',
      `Specified parameter Version is not valid: use ${version}.`,
    );
  }

  /** The method and every parameter but the signature itself. */
  stringToSign(): string {
    const query = [...this.all.keys()]
      .filter((name) => name !== 'Signature')
      .toSorted()
      .map((name) => `${percentEncode(name)}=${percentEncode(this.get(name))}`)
      .join('&');
    return `${this.method}&${percentEncode('/')}&${percentEncode(query)}`;
  }

  isSignedWith(accessKeySecret: string): boolean {
    return isHmacSha1(this.get('Signature'), `${accessKeySecret}&`, this.stringToSign());
  }

  /** Whether the signature is one of the private key that belongs to a public key. */
  isSignedBy(publicKey: KeyObject): boolean {
    const signature = Buffer.from(this.get('Signature'), 'base64');
    return verify('sha256', Buffer.from(this.stringToSign()), publicKey, signature);
  }
}
