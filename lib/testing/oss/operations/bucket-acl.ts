import { ServiceError } from '../../http/service-error.js';
import type { ObjectAcl } from '../stored-object.js';
import type { OssOperation } from '../oss-operation.js';
import { parseAcl } from '../object-details.js';
import { ownerElement, xmlAnswer } from '../xml-answer.js';

/** Says who may reach a bucket's objects without a signature. */
export const putBucketAcl: OssOperation = {
  name: 'PutBucketAcl',
  method: 'PUT',
  scope: 'bucket',
  selectors: ['acl'],
  run({ request, store, address }) {
    store.bucket(address.bucket).acl = parseBucketAcl(request.header('x-oss-acl'));
    return { status: 200, headers: { location: `/${address.bucket}` } };
  },
};

/** Tells who may. */
export const getBucketAcl: OssOperation = {
  name: 'GetBucketAcl',
  method: 'GET',
  scope: 'bucket',
  selectors: ['acl'],
  run(call) {
    const acl = call.store.find(call.address.bucket)?.acl ?? 'private';
    const content = { Owner: ownerElement(call), AccessControlList: { Grant: acl } };
    return xmlAnswer('AccessControlPolicy', content);
  },
};

/** @throws ServiceError 400 for an ACL that does not exist */
export function parseBucketAcl(text: string): Exclude<ObjectAcl, 'default'> {
  const acl = parseAcl(text);
  if (acl !== 'default') return acl;
  throw new ServiceError(400, 'InvalidArgument', 'no such bucket access control exists', {
    ArgumentName: 'x-oss-acl',
    ArgumentValue: text,
  });
}
