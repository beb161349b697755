import { percentEncode } from '../../http/percent-encoding.js';
import { ServiceError } from '../../http/service-error.js';
import type { Deletion } from '../bucket.js';
import { versionHeader } from '../find-object.js';
import type { OssCall, OssOperation } from '../oss-operation.js';
import { assertNotRetained, receiveBody } from '../upload.js';
import { elementsOf, textsOf } from '../../http/xml.js';
import { xmlAnswer } from '../xml-answer.js';

const MAX_KEYS = 1000;

/** Deletes an object or one version of it; it need not be there. */
export const deleteObject: OssOperation = {
  name: 'DeleteObject',
  method: 'DELETE',
  scope: 'object',
  run(call) {
    const deletion = remove(call, call.address.object, call.request.query.get('versionId') || undefined);
    const marker: Readonly<Record<string, string>> = deletion.isMarker
      ? { 'x-oss-delete-marker': 'true' }
      : {};
    return { status: 204, headers: { ...versionHeader(deletion), ...marker } };
  },
};

/** Deletes up to 1000 objects. */
export const deleteMultipleObjects: OssOperation = {
  name: 'DeleteMultipleObjects',
  method: 'POST',
  scope: 'bucket',
  selectors: ['delete'],
  async run(call) {
    const { request } = call;
    const xml = (await receiveBody(request)).body.toString('utf8');
    const named = elementsOf(xml, 'Object').map((object) => ({
      key: textsOf(object, 'Key')[0] ?? '',
      versionId: textsOf(object, 'VersionId')[0],
    }));
    if (named.length === 0 || named.length > MAX_KEYS) {
      throw new ServiceError(400, 'MalformedXML', 'The XML you provided was not well-formed.');
    }
    const encode = request.query.get('encoding-type') === 'url' ? percentEncode : (key: string) => key;
    const deleted = named.map(({ key, versionId }) => {
      const deletion = remove(call, key, versionId);
      return {
        Key: encode(key),
        VersionId: versionId,
        DeleteMarker: deletion.isMarker || undefined,
        DeleteMarkerVersionId: deletion.isMarker ? deletion.versionId : undefined,
      };
    });
    if (textsOf(xml, 'Quiet')[0] === 'true') return { status: 200 };
    return xmlAnswer('DeleteResult', { Deleted: deleted });
  },
};

function remove(call: OssCall, name: string, versionId: string | undefined): Deletion {
  const bucket = call.store.bucket(call.address.bucket);
  const present = bucket.version(name, versionId)?.object;
  // A delete marker may be put upon a protected object; what it covers stays.
  if (present && (versionId !== undefined || bucket.versioning === '')) assertNotRetained(call, present);
  return bucket.delete(name, versionId);
}
