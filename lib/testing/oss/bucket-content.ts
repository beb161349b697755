import type { Bucket, RetentionPolicy } from './bucket.js';
import type { MultipartUpload } from './multipart-uploads.js';
import type { StoredObject } from './stored-object.js';

/** A part of an upload that is not yet complete. */
export interface PartInfo {
  /** From 1. */
  readonly number: number;
  /** The content. */
  readonly body: Buffer;
}

/** An upload that is not yet complete. */
export interface UploadInfo {
  /** Name of the object that it is to become. */
  readonly object: string;
  /** The id that OSS gave it. */
  readonly uploadId: string;
  /** By number. */
  readonly parts: readonly PartInfo[];
}

/** Everything that a bucket holds. */
export interface BucketContent {
  /** Who may reach its objects without a signature. */
  readonly acl: Bucket['acl'];
  /** Such as `Standard`. */
  readonly storageClass: string;
  /** '' until somebody turns versioning on. */
  readonly versioning: Bucket['versioning'];
  /** Its retention policy, if it has one. */
  readonly retention?: RetentionPolicy;
  /** Its configurations as they were put, by sub-resource. */
  readonly settings: Readonly<Record<string, string>>;
  /** Its live channels as they were put, by name. */
  readonly channels: Readonly<Record<string, string>>;
  /** Every version of every object, by name and newest first; delete markers are left out. */
  readonly objects: readonly StoredObject[];
  /** Uploads that are not yet complete. */
  readonly uploads: readonly UploadInfo[];
}

/** An immutable copy of what a bucket holds now. */
export function bucketContent(bucket: Bucket, uploads: readonly MultipartUpload[]): BucketContent {
  const { acl, storageClass, versioning, retention, settings, channels } = bucket;
  return Object.freeze({
    acl,
    storageClass,
    versioning,
    ...(retention === undefined ? {} : { retention }),
    settings: Object.fromEntries(settings),
    channels: Object.fromEntries([...channels].map(([name, { xml }]) => [name, xml])),
    objects: bucket.versions().flatMap(({ object }) => (object === undefined ? [] : [copyOf(object)])),
    uploads: uploads.map(({ object, uploadId, parts }) => ({
      object,
      uploadId,
      parts: [...parts.values()]
        .toSorted((one, other) => one.number - other.number)
        .map(({ number, body }) => ({ number, body: Buffer.from(body) })),
    })),
  });
}

/** An immutable copy of an object. */
export function copyOf(object: StoredObject): StoredObject {
  return Object.freeze({ ...object, body: Buffer.from(object.body) });
}
