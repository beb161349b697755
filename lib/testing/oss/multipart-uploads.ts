import { createHash, randomBytes } from 'node:crypto';
import { ServiceError } from '../http/service-error.js';
import type { ObjectDetails } from './object-details.js';

const MIN_PART_BYTES = 100 * 1024;

/** A part that has arrived. */
export interface UploadedPart {
  readonly number: number;
  readonly body: Buffer;
  /** With its quotes. */
  readonly etag: string;
  /** Epoch ms. */
  readonly uploadedAt: number;
}

/** A multipart upload that is not yet complete. */
export interface MultipartUpload {
  readonly uploadId: string;
  readonly bucket: string;
  readonly object: string;
  /** What will be known of the object. */
  readonly details: ObjectDetails;
  /** Epoch ms. */
  readonly initiatedAt: number;
  readonly parts: Map<number, UploadedPart>;
}

/** The multipart uploads that are under way. */
export class MultipartUploads {
  readonly #uploads = new Map<string, MultipartUpload>();

  constructor(private readonly now: () => number) {}

  start(bucket: string, object: string, details: ObjectDetails): MultipartUpload {
    const uploadId = randomBytes(16).toString('hex').toUpperCase();
    const upload = { uploadId, bucket, object, details, initiatedAt: this.now(), parts: new Map() };
    this.#uploads.set(uploadId, upload);
    return upload;
  }

  /** @throws ServiceError 404 when there is no such upload of that object */
  find(bucket: string, object: string, uploadId: string): MultipartUpload {
    const upload = this.#uploads.get(uploadId);
    if (upload?.bucket === bucket && upload.object === object) return upload;
    const message = 'The specified upload does not exist. It may have been aborted or completed.';
    throw new ServiceError(404, 'NoSuchUpload', message, { UploadId: uploadId });
  }

  /** Keeps a part, in place of one of the same number. */
  addPart(
    upload: MultipartUpload,
    number: number,
    { body, md5 }: { body: Buffer; md5: string },
  ): UploadedPart {
    if (!Number.isInteger(number) || number < 1 || number > 10_000) {
      throw new ServiceError(400, 'InvalidArgument', 'Part number must be an integer between 1 and 10000.');
    }
    const part = { number, body, etag: `"${md5.toUpperCase()}"`, uploadedAt: this.now() };
    upload.parts.set(number, part);
    return part;
  }

  /** Forgets an upload. */
  end(upload: MultipartUpload): void {
    this.#uploads.delete(upload.uploadId);
  }

  /** The uploads into a bucket, by object name and then by id. */
  list(bucket: string): MultipartUpload[] {
    return [...this.#uploads.values()]
      .filter((upload) => upload.bucket === bucket)
      .toSorted((one, other) => (isBefore(one, other) ? -1 : 1));
  }
}

function isBefore(one: MultipartUpload, other: MultipartUpload): boolean {
  return one.object === other.object ? one.uploadId < other.uploadId : one.object < other.object;
}

/**
 * Puts the parts that a client names together.
 * @throws ServiceError when they are not those that arrived, not in order, or too small
 */
export function assemble(
  upload: MultipartUpload,
  named: readonly { readonly number: number; readonly etag: string }[],
): { readonly body: Buffer; readonly etag: string } {
  const parts = named.map(({ number, etag }, index) => {
    const part = upload.parts.get(number);
    if (!part || part.etag !== `"${etag.replaceAll('"', '')}"`) {
      throw new ServiceError(400, 'InvalidPart', 'One or more of the specified parts could not be found.');
    }
    if (number <= (named[index - 1]?.number ?? 0)) {
      throw new ServiceError(400, 'InvalidPartOrder', 'The list of parts was not in ascending order.');
    }
    if (part.body.length < MIN_PART_BYTES && index < named.length - 1) {
      throw new ServiceError(
        400,
        'EntityTooSmall',
        'Your proposed upload smaller than the minimum allowed size.',
      );
    }
    return part;
  });
  // The ETag of such an object is made of those of its parts, and is not the MD5 of its content.
  const digests = createHash('md5').update(parts.map(({ etag }) => etag.replaceAll('"', '')).join(''));
  const etag = `"${digests.digest('hex').toUpperCase()}-${parts.length}"`;
  return { body: Buffer.concat(parts.map(({ body }) => body)), etag };
}
