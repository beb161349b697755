import { createHash, createHmac } from 'node:crypto';
import { percentEncode } from '../../http/percent-encoding.js';
import { ServiceError } from '../../http/service-error.js';
import type { OssAddress } from '../oss-address.js';
import type { OssRequest } from '../oss-request.js';
import { SIGNED_SUBRESOURCES } from './signed-subresources.js';

/** The name of signature version 4. */
export const V4_ALGORITHM = 'OSS4-HMAC-SHA256';
const TERMINATOR = 'aliyun_v4_request';
const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const UNSIGNED_QUERY: ReadonlySet<string> = new Set(['x-oss-signature']);

/** Whose signature it is, and what the signing key is derived from. */
export interface V4Credential {
  readonly accessKeyId: string;
  /** Day, region and product, in this order. */
  readonly scope: readonly string[];
}

/** Everything about a signature of version 4 that is not the request itself. */
export interface V4Claim extends V4Credential {
  /** When it was made, such as `20231216T162057Z`. */
  readonly date: string;
  /** Further headers that it covers, lower-case. */
  readonly additionalHeaders: readonly string[];
  readonly payloadHash: string;
}

/**
 * Reads `ID/DAY/REGION/PRODUCT/aliyun_v4_request`.
 * @throws ServiceError 400 when it is malformed, or its day is not that of the date
 */
export function parseV4Credential(text: string, date: string): V4Credential {
  const [accessKeyId = '', day = '', region = '', product = '', terminator] = text.split('/');
  const complete = [accessKeyId, day, region, product].every((part) => part !== '');
  if (!complete || terminator !== TERMINATOR) throw invalidV4('the credential is malformed');
  if (date.slice(0, 8) !== day) throw invalidV4('the day of the credential is not that of x-oss-date');
  return { accessKeyId, scope: [day, region, product] };
}

/** The date of a signature as epoch ms; NaN when it is malformed. */
export function parseV4Date(date: string): number {
  return Date.parse(date.replace(DATE, '$1-$2-$3T$4:$5:$6Z'));
}

/** What the signature of a request must cover. */
export function v4StringToSign(request: OssRequest, claim: V4Claim, address: OssAddress): string {
  return stringToSign(request, claim, address, canonicalQuery(request, false));
}

/** Whether it is the signature of a request. */
export function isV4Signature(
  provided: string,
  accessKeySecret: string,
  request: OssRequest,
  claim: V4Claim,
  address: OssAddress,
): boolean {
  const key = v4SigningKey(accessKeySecret, claim.scope);
  return canonicalQueries(request).some(
    (query) => hmac(key, stringToSign(request, claim, address, query)).toString('hex') === provided,
  );
}

/** Whether it is the signature of a text as it stands. */
export function isV4SignatureOf(
  provided: string,
  accessKeySecret: string,
  { scope }: V4Credential,
  text: string,
): boolean {
  return hmac(v4SigningKey(accessKeySecret, scope), text).toString('hex') === provided;
}

/** The error for a signature that cannot be read. */
export function invalidV4(reason: string): ServiceError {
  return new ServiceError(400, 'InvalidArgument', `Invalid signing: ${reason}.`);
}

function stringToSign(
  request: OssRequest,
  { scope, additionalHeaders, payloadHash, date }: V4Claim,
  { bucket, object }: OssAddress,
  query: string,
): string {
  const path = bucket === '' ? '/' : `/${bucket}/${object}`;
  const signed = ['content-type', 'content-md5'].filter((name) => request.header(name) !== '');
  const names = [...new Set([...signed, ...request.ossHeaderNames(), ...additionalHeaders])].toSorted();
  const canonical = [
    request.method,
    percentEncode(path).replaceAll('%2F', '/'),
    query,
    names.map((name) => `${name}:${request.header(name).trim()}\n`).join(''),
    additionalHeaders.join(';'),
    payloadHash,
  ].join('\n');
  // One character a byte: header values are hashed as they came over the wire.
  const hash = createHash('sha256').update(Buffer.from(canonical, 'latin1')).digest('hex');
  return [V4_ALGORITHM, date, [...scope, TERMINATOR].join('/'), hash].join('\n');
}

// The reference says that a parameter without a value is written as its bare name. ali-oss does so for
// sub-resources only, and the two cannot be told apart on the wire: `list({ prefix: '' })` must not fail here.
function canonicalQueries(request: OssRequest): readonly string[] {
  const [strict, lenient] = [canonicalQuery(request, false), canonicalQuery(request, true)];
  return strict === lenient ? [strict] : [strict, lenient];
}

function canonicalQuery(request: OssRequest, lenient: boolean): string {
  return [...request.query]
    .filter(([name]) => !UNSIGNED_QUERY.has(name))
    .map(([name, value]) => {
      const bare = value === '' && !(lenient && !SIGNED_SUBRESOURCES.has(name));
      return bare ? [percentEncode(name)] : [percentEncode(name), percentEncode(value)];
    })
    .toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
}

function v4SigningKey(accessKeySecret: string, scope: readonly string[]): Buffer {
  return [...scope, TERMINATOR].reduce<Buffer>(hmac, Buffer.from(`aliyun_v4${accessKeySecret}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
