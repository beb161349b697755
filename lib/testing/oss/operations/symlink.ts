import { percentDecode } from '../../http/percent-encoding.js';
import { ServiceError } from '../../http/service-error.js';
import { existing, versionHeader } from '../find-object.js';
import type { OssOperation } from '../oss-operation.js';
import { uploadDetails } from '../object-details.js';
import { assertMayWrite } from '../upload.js';

const TARGET = 'x-oss-symlink-target';

/** Makes an object that stands for another one, which need not be there. */
export const putSymlink: OssOperation = {
  name: 'PutSymlink',
  method: 'PUT',
  scope: 'object',
  selectors: ['symlink'],
  run(call) {
    const { request, store, address } = call;
    const target = percentDecode(request.header(TARGET));
    if (!target) {
      throw new ServiceError(400, 'InvalidArgument', `The header ${TARGET} is needed, URL-encoded.`);
    }
    assertMayWrite(call);
    const object = store.put(address.bucket, address.object, {
      ...uploadDetails(request),
      body: Buffer.alloc(0),
      type: 'Symlink',
      symlinkTarget: target,
    });
    return { status: 200, headers: { etag: object.etag, ...versionHeader(object) } };
  },
};

/** Tells what a symlink stands for. */
export const getSymlink: OssOperation = {
  name: 'GetSymlink',
  method: 'GET',
  scope: 'object',
  selectors: ['symlink'],
  run(call) {
    const object = existing(call);
    if (object.symlinkTarget === undefined) {
      throw new ServiceError(400, 'NotSymlink', 'The object is not symlink');
    }
    const headers = { etag: object.etag, 'last-modified': new Date(object.lastModifiedAt).toUTCString() };
    return {
      status: 200,
      headers: { ...headers, [TARGET]: encodeURIComponent(object.symlinkTarget), ...versionHeader(object) },
    };
  },
};
