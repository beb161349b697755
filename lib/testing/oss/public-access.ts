import type { ObjectStore } from './object-store.js';
import type { OssAddress } from './oss-address.js';
import type { OssOperation } from './oss-operation.js';

/** Whether an operation may be done without a signature, because of the ACL of the object or of its bucket. */
export function isPublic(operation: OssOperation, address: OssAddress, store: ObjectStore): boolean {
  if (operation.needs === undefined) return false;
  const bucket = store.find(address.bucket);
  const own = operation.needs === 'read' ? store.get(address.bucket, address.object)?.acl : undefined;
  const acl = own === undefined || own === 'default' ? bucket?.acl : own;
  return acl === 'public-read-write' || (acl === 'public-read' && operation.needs === 'read');
}
