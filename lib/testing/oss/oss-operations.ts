import { appendObject } from './operations/append-object.js';
import { deleteBucket, getBucketInfo, listBuckets, putBucket } from './operations/buckets.js';
import { copyObject, uploadPartCopy } from './operations/copy-object.js';
import { deleteMultipleObjects, deleteObject } from './operations/delete-objects.js';
import { getObject, getObjectMeta, headObject } from './operations/get-object.js';
import { listObjects, listObjectsV2 } from './operations/list-objects.js';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  initiateMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from './operations/multipart.js';
import { putObject } from './operations/put-object.js';
import type { OssOperation } from './oss-operation.js';

/** Every operation that the emulated OSS has. */
export const OSS_OPERATIONS: readonly OssOperation[] = [
  listBuckets,
  putBucket,
  deleteBucket,
  getBucketInfo,
  listObjects,
  listObjectsV2,
  deleteMultipleObjects,
  putObject,
  getObject,
  headObject,
  getObjectMeta,
  deleteObject,
  copyObject,
  appendObject,
  initiateMultipartUpload,
  uploadPart,
  uploadPartCopy,
  completeMultipartUpload,
  abortMultipartUpload,
  listParts,
  listMultipartUploads,
];
