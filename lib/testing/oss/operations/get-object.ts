import type { Answer } from '../../http/answer.js';
import { ServiceError } from '../../http/service-error.js';
import { parseRange } from '../byte-range.js';
import type { StoredObject } from '../object-store.js';
import type { OssCall, OssOperation } from '../oss-operation.js';
import type { OssRequest } from '../oss-request.js';
import { base64Md5 } from '../upload.js';

const OVERRIDE =
  /^response-(cache-control|content-disposition|content-encoding|content-language|content-type|expires)$/;

/** Downloads an object or a part of it. */
export const getObject: OssOperation = { name: 'GetObject', method: 'GET', scope: 'object', run: read };

/** Reads an object's headers. */
export const headObject: OssOperation = { name: 'HeadObject', method: 'HEAD', scope: 'object', run: read };

/** Reads the few headers that need no look at the object's metadata. */
export const getObjectMeta: OssOperation = {
  name: 'GetObjectMeta',
  method: 'HEAD',
  scope: 'object',
  selectors: ['objectMeta'],
  run(call) {
    const object = existing(call);
    return {
      status: 200,
      headers: {
        etag: object.etag,
        'last-modified': new Date(object.lastModifiedAt).toUTCString(),
        'content-length': object.body.length,
      },
    };
  },
};

/** @throws ServiceError 404 when the object is not there */
export function existing({ store, address: { bucket, object } }: OssCall): StoredObject {
  const found = store.get(bucket, object);
  if (found) return found;
  throw new ServiceError(404, 'NoSuchKey', 'The specified key does not exist.', { Key: object });
}

function read(call: OssCall): Answer {
  const { request } = call;
  const object = existing(call);
  const headers = {
    ...object.headers,
    ...overrides(request),
    etag: object.etag,
    'last-modified': new Date(object.lastModifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
    'x-oss-object-type': object.type,
    'x-oss-storage-class': 'Standard',
  };
  if (isUnmodified(request, object)) return { status: 304, headers };
  const size = object.body.length;
  const range = parseRange(
    request.header('range'),
    size,
    request.header('x-oss-range-behavior') === 'standard',
  );
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

/** @throws ServiceError 412 when a condition fails that makes an error */
function isUnmodified(request: OssRequest, object: StoredObject): boolean {
  const tag = (name: string): string => request.header(name).replaceAll('"', '');
  const etag = object.etag.replaceAll('"', '');
  // HTTP dates have no fractions of a second.
  const modifiedAt = Math.floor(object.lastModifiedAt / 1000) * 1000;
  const since = Date.parse(request.header('if-modified-since'));
  const until = Date.parse(request.header('if-unmodified-since'));
  if ((tag('if-match') !== '' && tag('if-match') !== etag) || modifiedAt > until) {
    const message = 'At least one of the pre-conditions you specified did not hold.';
    throw new ServiceError(412, 'PreconditionFailed', message);
  }
  return tag('if-none-match') === etag || modifiedAt <= since;
}

function overrides(request: OssRequest): Record<string, string> {
  const named = [...request.query].map(([name, value]) => [OVERRIDE.exec(name)?.[1] ?? '', value] as const);
  return Object.fromEntries(named.filter(([name]) => name !== ''));
}
