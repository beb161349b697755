import { ServiceError } from '../../http/service-error.js';
import type { OssOperation } from '../oss-operation.js';
import { contentHeaders, receiveBody } from '../upload.js';

/** Adds to the end of an object that was made in this way. */
export const appendObject: OssOperation = {
  name: 'AppendObject',
  method: 'POST',
  scope: 'object',
  selectors: ['append'],
  async run({ request, store, address: { bucket, object } }) {
    const { body } = await receiveBody(request);
    const existing = store.get(bucket, object);
    if (existing && existing.type !== 'Appendable') {
      throw new ServiceError(409, 'ObjectNotAppendable', 'The object is not appendable.');
    }
    const length = existing?.body.length ?? 0;
    if (Number(request.query.get('position')) !== length) {
      throw new ServiceError(409, 'PositionNotEqualToLength', 'Position is not equal to file length.');
    }
    const stored = store.put(bucket, object, {
      body: existing ? Buffer.concat([existing.body, body]) : body,
      headers: existing ? existing.headers : contentHeaders(request),
      type: 'Appendable',
    });
    const next = { 'x-oss-next-append-position': stored.body.length };
    return { status: 200, headers: { etag: stored.etag, ...next } };
  },
};
