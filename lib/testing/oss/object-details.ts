import { parseForm } from '../http/percent-encoding.js';
import { ServiceError } from '../http/service-error.js';
import type { OssRequest } from './oss-request.js';
import type { ObjectAcl, ObjectContent } from './stored-object.js';

const ACLS: readonly ObjectAcl[] = ['default', 'private', 'public-read', 'public-read-write'];
const KEPT_HEADERS: ReadonlySet<string> = new Set([
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-oss-server-side-encryption',
]);

/** What an upload says about its object, beside the body. */
export type ObjectDetails = Omit<ObjectContent, 'body' | 'md5' | 'etag'>;

/**
 * What the headers of an upload say about its object.
 * @throws ServiceError 400 for an ACL that does not exist
 */
export function uploadDetails(request: OssRequest): ObjectDetails {
  const names = Object.keys(request.exchange.headers);
  return detailsOf(names, (name) => request.header(name));
}

/**
 * What headers, or the fields of a form, say about an object.
 * @throws ServiceError 400 for an ACL that does not exist
 */
export function detailsOf(names: readonly string[], valueOf: (name: string) => string): ObjectDetails {
  const kept = names.filter((name) => KEPT_HEADERS.has(name) || name.startsWith('x-oss-meta-'));
  const [acl, tagging] = [valueOf('x-oss-object-acl'), valueOf('x-oss-tagging')];
  const storageClass = valueOf('x-oss-storage-class');
  return {
    headers: Object.fromEntries(kept.map((name) => [name, valueOf(name)])),
    ...(acl === '' ? {} : { acl: parseAcl(acl) }),
    ...(tagging === '' ? {} : { tags: Object.fromEntries(parseForm(tagging)) }),
    ...(storageClass === '' ? {} : { storageClass }),
  };
}

/** @throws ServiceError 400 for an ACL that does not exist */
export function parseAcl(text: string): ObjectAcl {
  const acl = ACLS.find((known) => known === text);
  if (acl) return acl;
  throw new ServiceError(400, 'InvalidArgument', 'No such object access control exists.', {
    ArgumentName: 'x-oss-object-acl',
    ArgumentValue: text,
  });
}
