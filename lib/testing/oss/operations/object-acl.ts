import { existing, versionHeader } from '../find-object.js';
import type { OssOperation } from '../oss-operation.js';
import { parseAcl } from '../object-details.js';
import { ownerElement, xmlAnswer } from '../xml-answer.js';

/** Says who may reach an object without a signature. */
export const putObjectAcl: OssOperation = {
  name: 'PutObjectACL',
  method: 'PUT',
  scope: 'object',
  selectors: ['acl'],
  run(call) {
    const acl = parseAcl(call.request.header('x-oss-object-acl'));
    const object = call.store.bucket(call.address.bucket).update(existing(call), { acl });
    return { status: 200, headers: versionHeader(object) };
  },
};

/** Tells who may. */
export const getObjectAcl: OssOperation = {
  name: 'GetObjectACL',
  method: 'GET',
  scope: 'object',
  selectors: ['acl'],
  run(call) {
    const object = existing(call);
    const content = { Owner: ownerElement(call), AccessControlList: { Grant: object.acl } };
    return xmlAnswer('AccessControlPolicy', content, versionHeader(object));
  },
};
