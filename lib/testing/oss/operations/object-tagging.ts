import { existing, versionHeader } from '../find-object.js';
import type { OssOperation } from '../oss-operation.js';
import { receiveBody } from '../upload.js';
import { elementsOf, textsOf } from '../../http/xml.js';
import { xmlAnswer } from '../xml-answer.js';

/** Gives an object its tags. */
export const putObjectTagging: OssOperation = {
  name: 'PutObjectTagging',
  method: 'PUT',
  scope: 'object',
  selectors: ['tagging'],
  async run(call) {
    const xml = (await receiveBody(call.request)).body.toString('utf8');
    const tags = elementsOf(xml, 'Tag').map(
      (tag) => [textsOf(tag, 'Key')[0] ?? '', textsOf(tag, 'Value')[0] ?? ''] as const,
    );
    const bucket = call.store.bucket(call.address.bucket);
    const object = bucket.update(existing(call), {
      tags: Object.fromEntries(tags),
    });
    return { status: 200, headers: versionHeader(object) };
  },
};

/** Tells an object's tags. */
export const getObjectTagging: OssOperation = {
  name: 'GetObjectTagging',
  method: 'GET',
  scope: 'object',
  selectors: ['tagging'],
  run(call) {
    const object = existing(call);
    const tags = Object.entries(object.tags).map(([Key, Value]) => ({ Key, Value }));
    return xmlAnswer('Tagging', { TagSet: { Tag: tags } }, versionHeader(object));
  },
};

/** Takes an object's tags away. */
export const deleteObjectTagging: OssOperation = {
  name: 'DeleteObjectTagging',
  method: 'DELETE',
  scope: 'object',
  selectors: ['tagging'],
  run(call) {
    const object = call.store.bucket(call.address.bucket).update(existing(call), { tags: {} });
    return { status: 204, headers: versionHeader(object) };
  },
};
