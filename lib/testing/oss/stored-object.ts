import { createHash } from 'node:crypto';
import { crc64 } from './crc64.js';

/** Who may reach an object without a signature; `default` leaves that to its bucket. */
export type ObjectAcl = 'default' | 'private' | 'public-read' | 'public-read-write';

/** An object as it is kept. */
export interface StoredObject {
  /** Without the bucket. */
  readonly name: string;
  /** The content. */
  readonly body: Buffer;
  /** Lower-case hex. */
  readonly md5: string;
  /** With its quotes, as in the ETag header. */
  readonly etag: string;
  /** As in the header x-oss-hash-crc64ecma. */
  readonly crc64: string;
  /** Content headers and user metadata, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly lastModifiedAt: number;
  /** How it was made, as OSS calls it: `Normal`, `Multipart`, `Appendable` or `Symlink`. */
  readonly type: string;
  /** Such as `Standard`. */
  readonly storageClass: string;
  /** Who may reach it without a signature. */
  readonly acl: ObjectAcl;
  /** Values by key. */
  readonly tags: Readonly<Record<string, string>>;
  /** The object that a symlink stands for. */
  readonly symlinkTarget?: string;
  /** Until when a restored archive can be read, epoch ms. */
  readonly restoredUntil?: number;
  /** `null` for what was there before versioning; absent in a bucket that was never versioned. */
  readonly versionId?: string;
}

/** What is known of an object before it is kept. */
export interface ObjectContent {
  readonly body: Buffer;
  /** Lower-case hex, where it is known already. */
  readonly md5?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default `Normal`. */
  readonly type?: string;
  /** Where it is not the body's own MD5. */
  readonly etag?: string;
  /** Default `Standard`. */
  readonly storageClass?: string;
  readonly acl?: ObjectAcl;
  readonly tags?: Readonly<Record<string, string>>;
  readonly symlinkTarget?: string;
}

/** An object that may be kept. */
export function createObject(name: string, content: ObjectContent, now: number): StoredObject {
  const md5 = content.md5 ?? createHash('md5').update(content.body).digest('hex');
  return {
    name,
    body: content.body,
    md5,
    etag: content.etag ?? `"${md5.toUpperCase()}"`,
    crc64: crc64(content.body),
    headers: { 'content-type': 'application/octet-stream', ...content.headers },
    lastModifiedAt: now,
    type: content.type ?? 'Normal',
    storageClass: content.storageClass ?? 'Standard',
    acl: content.acl ?? 'default',
    tags: content.tags ?? {},
    ...(content.symlinkTarget === undefined ? {} : { symlinkTarget: content.symlinkTarget }),
  };
}
