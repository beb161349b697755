import type { Answer } from '../../http/answer.js';
import { ServiceError } from '../../http/service-error.js';
import { parseRange } from '../byte-range.js';
import { isUnmodified } from '../conditions.js';
import { readable, versionHeader } from '../find-object.js';
import { legacyImageInfo } from '../image-info.js';
import type { OssCall, OssOperation } from '../oss-operation.js';
import type { OssRequest } from '../oss-request.js';
import type { StoredObject } from '../stored-object.js';
import { base64Md5 } from '../upload.js';

const OVERRIDE =
  /^response-(cache-control|content-disposition|content-encoding|content-language|content-type|expires)$/;

/** Downloads an object or a part of it. */
export const getObject: OssOperation = {
  name: 'GetObject',
  method: 'GET',
  scope: 'object',
  needs: 'read',
  run: (call) => legacyImageInfo(call) ?? download(call, readable(call)),
};

/** Reads an object's headers. */
export const headObject: OssOperation = { ...getObject, name: 'HeadObject', method: 'HEAD' };

/** Reads the few headers that need no look at the object's metadata. */
export const getObjectMeta: OssOperation = {
  name: 'GetObjectMeta',
  method: 'HEAD',
  scope: 'object',
  selectors: ['objectMeta'],
  needs: 'read',
  run(call) {
    const object = readable(call);
    return {
      status: 200,
      headers: { ...identityHeaders(object), 'content-length': object.body.length },
    };
  },
};

/**
 * Answers with an object, or with as much of it as the request wants.
 * @throws ServiceError when a condition or a range cannot be met
 */
export function download({ request }: OssCall, object: StoredObject): Answer {
  const headers = {
    ...object.headers,
    ...overrides(request),
    ...identityHeaders(object),
    ...stateHeaders(object),
    'accept-ranges': 'bytes',
    'x-oss-object-type': object.type,
    'x-oss-storage-class': object.storageClass,
  };
  if (isUnmodified(request, object)) return { status: 304, headers };
  const size = object.body.length;
  const isStandard = request.header('x-oss-range-behavior') === 'standard';
  const range = parseRange(request.header('range'), size, isStandard);
  if (range === 'unsatisfiable') {
    throw new ServiceError(416, 'InvalidRange', 'The requested range cannot be satisfied.');
  }
  if (range === undefined) {
    const whole = { ...headers, 'content-md5': base64Md5(object.md5), 'content-length': size };
    return { status: 200, headers: whole, body: object.body };
  }
  const body = object.body.subarray(range.start, range.end + 1);
  const part = {
    'content-range': `bytes ${range.start}-${range.end}/${size}`,
    'content-length': body.length,
  };
  return { status: 206, headers: { ...headers, ...part }, body };
}

function identityHeaders(object: StoredObject): Record<string, string> {
  return {
    etag: object.etag,
    'last-modified': new Date(object.lastModifiedAt).toUTCString(),
    'x-oss-hash-crc64ecma': object.crc64,
    ...versionHeader(object),
  };
}

function stateHeaders({ tags, restoredUntil }: StoredObject): Record<string, string | number> {
  const count = Object.keys(tags).length;
  return {
    ...(count === 0 ? {} : { 'x-oss-tagging-count': count }),
    ...(restoredUntil === undefined
      ? {}
      : {
          'x-oss-restore': `ongoing-request="false", expiry-date="${new Date(restoredUntil).toUTCString()}"`,
        }),
  };
}

function overrides(request: OssRequest): Record<string, string> {
  const named = [...request.query].map(([name, value]) => [OVERRIDE.exec(name)?.[1] ?? '', value] as const);
  return Object.fromEntries(named.filter(([name]) => name !== ''));
}
