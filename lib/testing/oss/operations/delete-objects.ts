import { percentEncode } from '../../http/percent-encoding.js';
import { ServiceError } from '../../http/service-error.js';
import type { OssOperation } from '../oss-operation.js';
import { elementsOf, textsOf, toXml } from '../xml.js';
import { receiveBody } from '../upload.js';

const MAX_KEYS = 1000;

/** Deletes an object; it need not be there. */
export const deleteObject: OssOperation = {
  name: 'DeleteObject',
  method: 'DELETE',
  scope: 'object',
  run({ store, address: { bucket, object } }) {
    store.delete(bucket, object);
    return { status: 204 };
  },
};

/** Deletes up to 1000 objects. */
export const deleteMultipleObjects: OssOperation = {
  name: 'DeleteMultipleObjects',
  method: 'POST',
  scope: 'bucket',
  selectors: ['delete'],
  async run({ request, store, address: { bucket } }) {
    const xml = (await receiveBody(request)).body.toString('utf8');
    const keys = elementsOf(xml, 'Object').flatMap((object) => textsOf(object, 'Key'));
    if (keys.length === 0 || keys.length > MAX_KEYS) {
      throw new ServiceError(400, 'MalformedXML', 'The XML you provided was not well-formed.');
    }
    for (const key of keys) store.delete(bucket, key);
    if (textsOf(xml, 'Quiet')[0] === 'true') return { status: 200 };
    const encode = request.query.get('encoding-type') === 'url' ? percentEncode : (key: string) => key;
    const body = toXml('DeleteResult', { Deleted: keys.map((key) => ({ Key: encode(key) })) });
    return { status: 200, headers: { 'content-type': 'application/xml' }, body };
  },
};
