import { createHash } from 'node:crypto';
import { isUnmodified } from '../conditions.js';
import { copySource, versionHeader } from '../find-object.js';
import type { OssOperation } from '../oss-operation.js';
import type { OssRequest } from '../oss-request.js';
import type { StoredObject } from '../stored-object.js';
import { uploadDetails, type ObjectDetails } from '../object-details.js';
import { assertMayWrite } from '../upload.js';
import { xmlAnswer } from '../xml-answer.js';
import { partNumberOf, uploadOf } from './multipart.js';

const COPY_SOURCE = 'x-oss-copy-source';
const CONDITIONS = `${COPY_SOURCE}-`;

/** Copies an object. */
export const copyObject: OssOperation = {
  name: 'CopyObject',
  method: 'PUT',
  scope: 'object',
  selectors: [COPY_SOURCE],
  run(call) {
    const { request, store, address } = call;
    assertMayWrite(call);
    const source = copySource(call);
    if (isUnmodified(request, source, CONDITIONS)) return { status: 304 };
    const { body, md5 } = source;
    const copy = store.put(address.bucket, address.object, { ...detailsOfCopy(request, source), body, md5 });
    const result = { ETag: copy.etag, LastModified: new Date(copy.lastModifiedAt).toISOString() };
    const sourceVersion =
      source.versionId === undefined ? {} : { 'x-oss-copy-source-version-id': source.versionId };
    return xmlAnswer('CopyObjectResult', result, {
      etag: copy.etag,
      'x-oss-hash-crc64ecma': copy.crc64,
      ...sourceVersion,
      ...versionHeader(copy),
    });
  },
};

/** Makes a part of an upload out of an object that is there already. */
export const uploadPartCopy: OssOperation = {
  name: 'UploadPartCopy',
  method: 'PUT',
  scope: 'object',
  selectors: [COPY_SOURCE, 'partNumber', 'uploadId'],
  run(call) {
    const source = copySource(call);
    if (isUnmodified(call.request, source, CONDITIONS)) return { status: 304 };
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(call.request.header(`${COPY_SOURCE}-range`)) ?? [];
    const body = first === undefined ? source.body : source.body.subarray(Number(first), Number(last) + 1);
    const md5 = createHash('md5').update(body).digest('hex');
    const part = call.uploads.addPart(uploadOf(call), partNumberOf(call), { body, md5 });
    const result = { ETag: part.etag, LastModified: new Date(part.uploadedAt).toISOString() };
    return xmlAnswer('CopyPartResult', result, { etag: part.etag });
  },
};

// Metadata and tags come from the source unless the request replaces them; the ACL never does.
function detailsOfCopy(request: OssRequest, source: StoredObject): ObjectDetails {
  const { headers, tags, ...others } = uploadDetails(request);
  const isReplaced = (what: string): boolean =>
    request.header(`x-oss-${what}-directive`).toUpperCase() === 'REPLACE';
  return {
    ...others,
    headers: isReplaced('metadata') ? (headers ?? {}) : source.headers,
    tags: isReplaced('tagging') ? (tags ?? {}) : source.tags,
  };
}
