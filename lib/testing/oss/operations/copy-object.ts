import { createHash } from 'node:crypto';
import { percentDecode } from '../../http/percent-encoding.js';
import { ServiceError } from '../../http/service-error.js';
import type { StoredObject } from '../object-store.js';
import type { OssCall, OssOperation } from '../oss-operation.js';
import { assertMayWrite, contentHeaders } from '../upload.js';
import { toXml } from '../xml.js';
import { partNumberOf, uploadOf } from './multipart.js';

const COPY_SOURCE = 'x-oss-copy-source';
const XML = { 'content-type': 'application/xml' };

/** Copies an object. */
export const copyObject: OssOperation = {
  name: 'CopyObject',
  method: 'PUT',
  scope: 'object',
  selectors: [COPY_SOURCE],
  run(call) {
    const { request, store, address } = call;
    assertMayWrite(request, store.get(address.bucket, address.object) !== undefined);
    const { body, md5, headers } = sourceOf(call);
    const replaced = request.header('x-oss-metadata-directive') === 'REPLACE';
    const copy = store.put(address.bucket, address.object, {
      body,
      md5,
      headers: replaced ? contentHeaders(request) : headers,
    });
    const result = { ETag: copy.etag, LastModified: new Date(copy.lastModifiedAt).toISOString() };
    return { status: 200, headers: { ...XML, etag: copy.etag }, body: toXml('CopyObjectResult', result) };
  },
};

/** Makes a part of an upload out of an object that is there already. */
export const uploadPartCopy: OssOperation = {
  name: 'UploadPartCopy',
  method: 'PUT',
  scope: 'object',
  selectors: [COPY_SOURCE, 'partNumber', 'uploadId'],
  run(call) {
    const source = sourceOf(call).body;
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(call.request.header(`${COPY_SOURCE}-range`)) ?? [];
    const body = first === undefined ? source : source.subarray(Number(first), Number(last) + 1);
    const md5 = createHash('md5').update(body).digest('hex');
    const part = call.uploads.addPart(uploadOf(call), partNumberOf(call), { body, md5 });
    const result = { ETag: part.etag, LastModified: new Date(part.uploadedAt).toISOString() };
    return { status: 200, headers: { ...XML, etag: part.etag }, body: toXml('CopyPartResult', result) };
  },
};

// The header names the source as /bucket/object, percent-encoded.
function sourceOf({ request, store }: OssCall): StoredObject {
  const [, bucket = '', object = ''] = /^\/?([^/]+)\/(.+)$/.exec(request.header(COPY_SOURCE)) ?? [];
  const source = store.get(bucket, percentDecode(object) ?? object);
  if (source) return source;
  throw new ServiceError(404, 'NoSuchKey', 'The specified key does not exist.', { Key: object });
}
