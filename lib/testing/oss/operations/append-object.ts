import { ServiceError } from '../../http/service-error.js';
import type { OssOperation } from '../oss-operation.js';
import { uploadDetails } from '../object-details.js';
import { receiveBody, uploadAnswer } from '../upload.js';

/** Adds to the end of an object that was made in this way. */
export const appendObject: OssOperation = {
  name: 'AppendObject',
  method: 'POST',
  scope: 'object',
  selectors: ['append'],
  needs: 'write',
  async run(call) {
    const { request, store, address } = call;
    const { body } = await receiveBody(request);
    const existing = store.get(address.bucket, address.object);
    if (existing && existing.type !== 'Appendable') {
      throw new ServiceError(409, 'ObjectNotAppendable', 'The object is not appendable.');
    }
    const length = existing?.body.length ?? 0;
    if (Number(request.query.get('position')) !== length) {
      const message = 'Position is not equal to file length.';
      const next = { 'x-oss-next-append-position': String(length) };
      throw new ServiceError(409, 'PositionNotEqualToLength', message, {}, next);
    }
    const stored = store.put(address.bucket, address.object, {
      ...(existing
        ? { headers: existing.headers, acl: existing.acl, tags: existing.tags }
        : uploadDetails(request)),
      body: existing ? Buffer.concat([existing.body, body]) : body,
      type: 'Appendable',
    });
    return uploadAnswer(call, stored, { 'x-oss-next-append-position': stored.body.length });
  },
};
