import { createHash, createHmac } from 'node:crypto';
import type { SignatureClaim } from '../cloud/access-key-registry.js';
import type { Exchange } from '../http/exchange.js';
import { parseForm, percentDecode, percentEncode } from '../http/percent-encoding.js';
import { ServiceError } from '../http/service-error.js';

const V1 = /^LOG ([^:\s]+):(\S+)$/;
const V4 = /^(SLS4-HMAC-SHA256) Credential=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;
const HASHES: Readonly<Record<string, string>> = { 'hmac-sha1': 'sha1', 'hmac-sha256': 'sha256' };
const COMPACT_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/**
 * A call to Simple Log Service, signed with version 1 (`LOG id:signature`, HMAC-SHA1 or HMAC-SHA256) or version 4
 * (`SLS4-HMAC-SHA256`).
 */
export class SlsRequest implements SignatureClaim {
  readonly accessKeyId: string;
  readonly #signature: string;
  /** Day, region, product and terminator; only version 4 has them. */
  readonly #scope: readonly string[];

  private constructor(
    private readonly exchange: Exchange,
    private readonly bytes: Buffer,
  ) {
    const authorization = exchange.header('authorization');
    const [, id = '', signature = ''] = V1.exec(authorization) ?? [];
    const [, , credential = '', signatureV4 = ''] = V4.exec(authorization) ?? [];
    const [idV4 = '', ...scope] = credential.split('/');
    this.accessKeyId = id || idV4;
    this.#signature = signature || signatureV4;
    this.#scope = scope;
  }

  /** Reads a call. */
  static async read(exchange: Exchange): Promise<SlsRequest> {
    return new SlsRequest(exchange, await exchange.readBody());
  }

  get action(): string {
    return `${this.exchange.method} ${this.exchange.record.path}`;
  }

  get version(): string {
    return this.exchange.header('x-log-apiversion');
  }

  get securityToken(): string {
    return this.exchange.header('x-acs-security-token');
  }

  get params(): Readonly<Record<string, string>> {
    return Object.fromEntries(parseForm(this.exchange.queryString));
  }

  /** The request body when it is JSON, otherwise ''. */
  get body(): string {
    return this.exchange.header('content-type').startsWith('application/json')
      ? this.bytes.toString('utf8')
      : '';
  }

  /** When the call says it was signed, epoch ms; NaN when it does not say so understandably. */
  get signedAt(): number {
    return Date.parse(this.#date.replace(COMPACT_DATE, '$1-$2-$3T$4:$5:$6Z'));
  }

  /** @throws ServiceError when something is missing, or does not fit the body */
  assertVerifiable(): void {
    if (this.#signature === '') {
      const message = 'x-log-accesskeyid does not exist in header.';
      throw new ServiceError(400, 'MissAccessKeyId', message);
    }
    if (this.version === '') {
      throw new ServiceError(400, 'MissingAPIVersion', 'x-log-apiversion does not exist in http header.');
    }
    if (this.#date === '') throw new ServiceError(400, 'MissingDate', 'Date does not exist in http header.');
    if (!this.#isVersion4 && this.#hash === undefined) {
      const message = 'x-log-signaturemethod does not exist in http header, or is unsupported.';
      throw new ServiceError(400, 'InvalidSignatureMethod', message);
    }
    const [name, algorithm] = this.#isVersion4 ? ['x-log-content-sha256', 'sha256'] : ['content-md5', 'md5'];
    const digest = createHash(algorithm).update(this.bytes).digest('hex');
    const claimed = this.exchange.header(name).toLowerCase();
    if (claimed === digest || (claimed === '' && this.bytes.length === 0)) return;
    throw new ServiceError(401, 'SignatureNotMatch', `The body does not match ${name}.`);
  }

  isSignedWith(accessKeySecret: string): boolean {
    const { path } = this.exchange.record;
    return [path, percentDecode(path) ?? path].some(
      (candidate) => this.#sign(accessKeySecret, candidate) === this.#signature,
    );
  }

  get #isVersion4(): boolean {
    return this.#scope.length > 0;
  }

  get #hash(): string | undefined {
    return HASHES[this.exchange.header('x-log-signaturemethod')];
  }

  get #date(): string {
    return this.exchange.header(this.#isVersion4 ? 'x-log-date' : 'date');
  }

  #sign(accessKeySecret: string, path: string): string {
    if (this.#isVersion4) {
      const key = this.#scope.reduce<Buffer | string>(hmacSha256, `aliyun_v4${accessKeySecret}`);
      return hmacSha256(key, this.#stringToSignV4(path)).toString('hex');
    }
    const text = this.#stringToSignV1(path);
    return createHmac(this.#hash ?? '', accessKeySecret)
      .update(text)
      .digest('base64');
  }

  #stringToSignV1(path: string): string {
    const header = (name: string): string => this.exchange.header(name);
    const query = this.#sortedQuery().map(([name, value]) => `${name}=${value}`);
    return [
      this.exchange.method,
      ...['content-md5', 'content-type', 'date'].map(header),
      ...this.#ownHeaders().map((name) => `${name}:${header(name).trim()}`),
      query.length === 0 ? path : `${path}?${query.join('&')}`,
    ].join('\n');
  }

  #stringToSignV4(path: string): string {
    const signed = [...this.#ownHeaders(), 'content-type', 'host']
      .filter((name) => this.exchange.header(name) !== '')
      .toSorted();
    const query = this.#sortedQuery().map(([name, value]) =>
      value === '' ? name : `${name}=${percentEncode(value)}`,
    );
    const canonical = [
      this.exchange.method,
      path,
      query.join('&'),
      signed.map((name) => `${name}:${this.exchange.header(name).trim()}\n`).join(''),
      signed.join(';'),
      this.exchange.header('x-log-content-sha256'),
    ].join('\n');
    const digest = createHash('sha256').update(canonical).digest('hex');
    return ['SLS4-HMAC-SHA256', this.#date, this.#scope.join('/'), digest].join('\n');
  }

  #ownHeaders(): string[] {
    return Object.keys(this.exchange.headers)
      .filter((name) => name.startsWith('x-log-') || name.startsWith('x-acs-'))
      .toSorted();
  }

  #sortedQuery(): (readonly [name: string, value: string])[] {
    return [...parseForm(this.exchange.queryString)].toSorted(([one], [other]) => (one < other ? -1 : 1));
  }
}

function hmacSha256(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
