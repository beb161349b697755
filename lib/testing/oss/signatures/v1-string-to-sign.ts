import { createHmac } from 'node:crypto';
import type { OssAddress } from '../oss-address.js';
import type { OssRequest } from '../oss-request.js';
import { SIGNED_SUBRESOURCES } from './signed-subresources.js';

/**
 * What a signature of version 1 covers.
 * @param time the date of the request, or until when a URL is good
 */
export function v1StringToSign(request: OssRequest, time: string, address: OssAddress): string {
  const headers = request.ossHeaderNames().map((name) => `${name}:${request.header(name).trim()}\n`);
  const lines = [request.method, request.header('content-md5'), request.header('content-type'), time];
  return `${lines.join('\n')}\n${headers.join('')}${canonicalResource(request, address)}`;
}

/** Whether a signature of version 1 covers a text. */
export function isV1Signature(provided: string, accessKeySecret: string, text: string): boolean {
  // One character a byte: header values go into the signature as they came over the wire.
  return (
    createHmac('sha1', accessKeySecret).update(Buffer.from(text, 'latin1')).digest('base64') === provided
  );
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
