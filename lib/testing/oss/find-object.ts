import { percentDecode } from '../http/percent-encoding.js';
import { ServiceError } from '../http/service-error.js';
import type { OssCall } from './oss-operation.js';
import type { StoredObject } from './stored-object.js';

/**
 * The object that a call is about, of the version that it names.
 * @throws ServiceError 404 when it is not there
 */
export function existing({ store, request, address }: OssCall): StoredObject {
  return find(store, address.bucket, address.object, request.query.get('versionId') || undefined);
}

/**
 * The object whose content a call wants: what a symlink stands for, an archive only once it was restored.
 * @throws ServiceError 404 when it is not there, 403 when it is frozen
 */
export function readable(call: OssCall): StoredObject {
  const object = existing(call);
  const { symlinkTarget } = object;
  if (symlinkTarget === undefined) return thawed(object, call.now());
  const target = call.store.get(call.address.bucket, symlinkTarget);
  if (!target) {
    const message = 'The symlink target object does not exist';
    throw new ServiceError(404, 'SymlinkTargetNotExist', message, { TargetObject: symlinkTarget });
  }
  if (target.symlinkTarget !== undefined) {
    throw new ServiceError(400, 'InvalidTargetType', 'The target object type is invalid.');
  }
  return { ...thawed(target, call.now()), type: object.type };
}

/**
 * The object that a header names as `/bucket/object?versionId=…`, percent-encoded.
 * @throws ServiceError 404 when it is not there
 */
export function copySource({ store, request }: OssCall): StoredObject {
  const [path = '', query = ''] = request.header('x-oss-copy-source').split('?', 2);
  const [, bucket = '', object = ''] = /^\/?([^/]+)\/(.+)$/.exec(path) ?? [];
  const versionId = new URLSearchParams(query).get('versionId') ?? undefined;
  return find(store, bucket, percentDecode(object) ?? object, versionId);
}

/** The header that names the version of an object, in a bucket that has versions. */
export function versionHeader({
  versionId,
}: {
  readonly versionId?: string;
}): Readonly<Record<string, string>> {
  return versionId === undefined ? {} : { 'x-oss-version-id': versionId };
}

function find(
  store: OssCall['store'],
  bucketName: string,
  name: string,
  versionId: string | undefined,
): StoredObject {
  const version = store.find(bucketName)?.version(name, versionId);
  if (version?.object) return version.object;
  const details = { Key: name };
  if (!version && versionId !== undefined) {
    const message = 'The specified version does not exist.';
    throw new ServiceError(404, 'NoSuchVersion', message, { ...details, VersionId: versionId });
  }
  const marker = version && { 'x-oss-delete-marker': 'true', ...versionHeader(version) };
  if (versionId !== undefined) {
    const message = 'The specified method is not allowed against this resource.';
    throw new ServiceError(405, 'MethodNotAllowed', message, details, marker);
  }
  throw new ServiceError(404, 'NoSuchKey', 'The specified key does not exist.', details, marker);
}

function thawed(object: StoredObject, now: number): StoredObject {
  const frozen = object.storageClass.endsWith('Archive') && !((object.restoredUntil ?? 0) > now);
  if (!frozen) return object;
  const message = "The operation is not valid for the object's state";
  throw new ServiceError(403, 'InvalidObjectState', message, { ObjectName: object.name });
}
