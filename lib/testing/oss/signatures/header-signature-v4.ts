import { createHash, createHmac } from 'node:crypto';
import { percentEncode } from '../../http/percent-encoding.js';
import { ServiceError } from '../../http/service-error.js';
import type { OssAddress } from '../oss-address.js';
import type { OssRequest } from '../oss-request.js';
import type { SignatureScheme } from './claimed-signature.js';
import { SIGNED_SUBRESOURCES } from './signed-subresources.js';

const ALGORITHM = 'OSS4-HMAC-SHA256';
const TERMINATOR = 'aliyun_v4_request';
const DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

interface Authorization {
  readonly accessKeyId: string;
  /** Day, region and product: what the signing key is derived from, in this order. */
  readonly scope: readonly string[];
  readonly additionalHeaders: readonly string[];
  readonly provided: string;
}

/** Signature version 4 in a header: `Authorization: OSS4-HMAC-SHA256 Credential=…,Signature=…`. */
export const headerSignatureV4: SignatureScheme = (request) => {
  const header = request.header('authorization');
  if (!header.startsWith(`${ALGORITHM} `)) return undefined;
  const authorization = parse(header);
  const date = request.header('x-oss-date');
  if (date.slice(0, 8) !== authorization.scope[0])
    throw invalid('the day in Credential is not that of x-oss-date');
  if (request.header('x-oss-content-sha256') === '') throw invalid('x-oss-content-sha256 is missing');
  const { accessKeyId, provided } = authorization;
  return {
    accessKeyId,
    securityToken: request.header('x-oss-security-token'),
    provided,
    signedAt: Date.parse(date.replace(DATE, '$1-$2-$3T$4:$5:$6Z')),
    stringToSign: (address) => stringToSign(request, authorization, canonicalQuery(request, false), address),
    fits: (address, accessKeySecret) =>
      canonicalQueries(request).some((query) => {
        const text = stringToSign(request, authorization, query, address);
        return hmac(signingKey(accessKeySecret, authorization.scope), text).toString('hex') === provided;
      }),
  };
};

function parse(header: string): Authorization {
  const fields = new Map(
    header
      .slice(ALGORITHM.length + 1)
      .split(/,\s*/)
      .map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );
  const [accessKeyId = '', day = '', region = '', product = '', terminator] =
    fields.get('Credential')?.split('/') ?? [];
  const provided = fields.get('Signature') ?? '';
  const complete = [accessKeyId, day, region, product, provided].every((part) => part !== '');
  if (!complete || terminator !== TERMINATOR) throw invalid('Credential or Signature is malformed');
  const additionalHeaders = fields.get('AdditionalHeaders')?.split(';') ?? [];
  return { accessKeyId, scope: [day, region, product], additionalHeaders, provided };
}

function stringToSign(
  request: OssRequest,
  { scope, additionalHeaders }: Authorization,
  query: string,
  { bucket, object }: OssAddress,
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
    request.header('x-oss-content-sha256'),
  ].join('\n');
  // One character a byte: header values are hashed as they came over the wire.
  const hash = createHash('sha256').update(Buffer.from(canonical, 'latin1')).digest('hex');
  return [ALGORITHM, request.header('x-oss-date'), [...scope, TERMINATOR].join('/'), hash].join('\n');
}

// The reference says that a parameter without a value is written as its bare name. ali-oss does so for
// sub-resources only, and the two cannot be told apart on the wire: `list({ prefix: '' })` must not fail here.
function canonicalQueries(request: OssRequest): readonly string[] {
  const [strict, lenient] = [canonicalQuery(request, false), canonicalQuery(request, true)];
  return strict === lenient ? [strict] : [strict, lenient];
}

function canonicalQuery(request: OssRequest, lenient: boolean): string {
  return [...request.query]
    .map(([name, value]) => {
      const bare = value === '' && !(lenient && !SIGNED_SUBRESOURCES.has(name));
      return bare ? [percentEncode(name)] : [percentEncode(name), percentEncode(value)];
    })
    .toSorted(([one = ''], [other = '']) => (one < other ? -1 : 1))
    .map((pair) => pair.join('='))
    .join('&');
}

function signingKey(accessKeySecret: string, scope: readonly string[]): Buffer {
  return [...scope, TERMINATOR].reduce<Buffer>(hmac, Buffer.from(`aliyun_v4${accessKeySecret}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function invalid(reason: string): ServiceError {
  return new ServiceError(400, 'InvalidArgument', `Invalid Authorization header: ${reason}.`);
}
