import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Exchange } from '../http/exchange.js';
import { ServiceError } from '../http/service-error.js';
import { parseForm, percentEncode } from '../http/percent-encoding.js';

const FORM = 'application/x-www-form-urlencoded';

/** One call in Alibaba Cloud's RPC style: named parameters in the query and, with POST, in a form. */
export class RpcRequest {
  private constructor(
    readonly method: string,
    /** Every parameter, decoded; values of the form go before those of the query. */
    readonly params: ReadonlyMap<string, string>,
  ) {}

  /** Reads a call, and tells the log what it says about itself. */
  static async read(exchange: Exchange): Promise<RpcRequest> {
    const params = parseForm(exchange.queryString);
    if (exchange.method === 'POST' && exchange.header('content-type').startsWith(FORM)) {
      const form = parseForm((await exchange.readBody()).toString('utf8'));
      for (const [name, value] of form) params.set(name, value);
    }
    const request = new RpcRequest(exchange.method, params);
    const { record } = exchange;
    const [action, accessKeyId, nonce] = ['Action', 'AccessKeyId', 'SignatureNonce'].map((name) =>
      params.get(name),
    );
    if (action !== undefined) record.action = action;
    if (accessKeyId !== undefined) record.accessKeyId = accessKeyId;
    if (nonce !== undefined) record.nonce = nonce;
    return request;
  }

  /** A parameter's value, or '' without it. */
  get(name: string): string {
    return this.params.get(name) ?? '';
  }

  /** @throws ServiceError 400 when the parameter is missing or empty */
  require(name: string): string {
    const value = this.get(name);
    if (value !== '') return value;
    const message = `The input parameter "${name}" that is mandatory for processing this request is not supplied.`;
    throw new ServiceError(400, 'MissingParameter', message);
  }

  /** What signature version 1.0 covers: the method and every parameter but the signature itself. */
  stringToSign(): string {
    const query = [...this.params.keys()]
      .filter((name) => name !== 'Signature')
      .toSorted()
      .map((name) => `${percentEncode(name)}=${percentEncode(this.get(name))}`)
      .join('&');
    return `${this.method}&${percentEncode('/')}&${percentEncode(query)}`;
  }

  /** Whether the request's signature fits an AccessKey secret. */
  isSignedWith(accessKeySecret: string): boolean {
    const expected = createHmac('sha1', `${accessKeySecret}&`).update(this.stringToSign()).digest();
    const given = Buffer.from(this.get('Signature'), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
