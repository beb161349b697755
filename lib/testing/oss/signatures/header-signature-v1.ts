import { createHmac } from 'node:crypto';
import type { OssAddress } from '../oss-address.js';
import type { OssRequest } from '../oss-request.js';
import type { SignatureScheme } from './claimed-signature.js';
import { SIGNED_SUBRESOURCES } from './signed-subresources.js';

/** Signature version 1 in a header: `Authorization: OSS <id>:<base64 HMAC-SHA1>`. */
export const headerSignatureV1: SignatureScheme = (request) => {
  const [, accessKeyId, provided] = /^OSS ([^:\s]+):(\S+)$/.exec(request.header('authorization')) ?? [];
  if (accessKeyId === undefined || provided === undefined) return undefined;
  const stringToSign = (address: OssAddress): string => canonicalString(request, address);
  return {
    accessKeyId,
    securityToken: request.header('x-oss-security-token'),
    provided,
    signedAt: Date.parse(dateOf(request)),
    stringToSign,
    fits(address, accessKeySecret) {
      // One character a byte: header values go into the signature as they came over the wire.
      const bytes = Buffer.from(stringToSign(address), 'latin1');
      return createHmac('sha1', accessKeySecret).update(bytes).digest('base64') === provided;
    },
  };
};

function canonicalString(request: OssRequest, address: OssAddress): string {
  const headers = request.ossHeaderNames().map((name) => `${name}:${request.header(name).trim()}\n`);
  const lines = [
    request.method,
    request.header('content-md5'),
    request.header('content-type'),
    dateOf(request),
  ];
  return `${lines.join('\n')}\n${headers.join('')}${canonicalResource(request, address)}`;
}

// x-oss-date takes the place of Date, for clients that cannot set Date.
function dateOf(request: OssRequest): string {
  return request.header('x-oss-date') || request.header('date');
}

function canonicalResource(request: OssRequest, { bucket, object }: OssAddress): string {
  const path = bucket === '' ? '/' : `/${bucket}/${object}`;
  const subresources = [...request.query]
    .filter(([name]) => SIGNED_SUBRESOURCES.has(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&');
  const resource = subresources === '' ? path : `${path}?${subresources}`;
  return Buffer.from(resource, 'utf8').toString('latin1');
}
