import { ServiceError } from '../http/service-error.js';
import type { OssRequest } from './oss-request.js';
import type { StoredObject } from './stored-object.js';

/**
 * Whether a request does not want an object because it has not changed.
 * @param prefix of the conditional headers: '' or `x-oss-copy-source-`
 * @throws ServiceError 412 when a condition fails that makes an error
 */
export function isUnmodified(request: OssRequest, object: StoredObject, prefix = ''): boolean {
  const header = (name: string): string => request.header(prefix + name);
  const tag = (name: string): string => header(name).replaceAll('"', '');
  const etag = object.etag.replaceAll('"', '');
  // HTTP dates have no fractions of a second.
  const modifiedAt = Math.floor(object.lastModifiedAt / 1000) * 1000;
  const [since, until] = [header('if-modified-since'), header('if-unmodified-since')].map(Date.parse);
  if ((tag('if-match') !== '' && tag('if-match') !== etag) || modifiedAt > (until ?? Number.NaN)) {
    const message = 'At least one of the pre-conditions you specified did not hold.';
    throw new ServiceError(412, 'PreconditionFailed', message);
  }
  return tag('if-none-match') === etag || modifiedAt <= (since ?? Number.NaN);
}
