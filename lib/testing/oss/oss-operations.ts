import { appendObject } from './operations/append-object.js';
import { getAsyncFetchTask, putAsyncFetchTask } from './operations/async-fetch.js';
import { getBucketAcl, putBucketAcl } from './operations/bucket-acl.js';
import {
  deleteBucketInventory,
  getBucketInventory,
  putBucketInventory,
} from './operations/bucket-inventory.js';
import { bucketSettings } from './operations/bucket-settings.js';
import { getBucketVersioning, putBucketVersioning } from './operations/bucket-versioning.js';
import {
  abortBucketWorm,
  completeBucketWorm,
  extendBucketWorm,
  getBucketWorm,
  initiateBucketWorm,
} from './operations/bucket-worm.js';
import {
  deleteBucket,
  getBucketInfo,
  getBucketLocation,
  getBucketStat,
  listBuckets,
  putBucket,
} from './operations/buckets.js';
import { copyObject, uploadPartCopy } from './operations/copy-object.js';
import { deleteMultipleObjects, deleteObject } from './operations/delete-objects.js';
import { getObject, getObjectMeta, headObject } from './operations/get-object.js';
import { listObjectVersions } from './operations/list-object-versions.js';
import { listObjects, listObjectsV2 } from './operations/list-objects.js';
import {
  deleteLiveChannel,
  getLiveChannel,
  getLiveChannelState,
  listLiveChannels,
  postVodPlaylist,
  putLiveChannel,
} from './operations/live-channels.js';
import {
  abortMultipartUpload,
  completeMultipartUpload,
  initiateMultipartUpload,
  listMultipartUploads,
  listParts,
  uploadPart,
} from './operations/multipart.js';
import { getObjectAcl, putObjectAcl } from './operations/object-acl.js';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './operations/object-tagging.js';
import { postObject } from './operations/post-object.js';
import { getProcessedObject, processObject } from './operations/process-object.js';
import { putObject } from './operations/put-object.js';
import { restoreObject } from './operations/restore-object.js';
import { getSymlink, putSymlink } from './operations/symlink.js';
import type { OssOperation } from './oss-operation.js';

const ON_BUCKETS: readonly OssOperation[] = [
  listBuckets,
  putBucket,
  deleteBucket,
  getBucketInfo,
  getBucketLocation,
  getBucketStat,
  putBucketAcl,
  getBucketAcl,
  ...bucketSettings,
  putBucketVersioning,
  getBucketVersioning,
  initiateBucketWorm,
  abortBucketWorm,
  completeBucketWorm,
  extendBucketWorm,
  getBucketWorm,
  putBucketInventory,
  getBucketInventory,
  deleteBucketInventory,
  listObjects,
  listObjectsV2,
  listObjectVersions,
  deleteMultipleObjects,
  postObject,
  putAsyncFetchTask,
  getAsyncFetchTask,
  listLiveChannels,
  listMultipartUploads,
];

const ON_OBJECTS: readonly OssOperation[] = [
  putObject,
  getObject,
  headObject,
  getObjectMeta,
  deleteObject,
  copyObject,
  appendObject,
  putObjectAcl,
  getObjectAcl,
  putObjectTagging,
  getObjectTagging,
  deleteObjectTagging,
  putSymlink,
  getSymlink,
  restoreObject,
  getProcessedObject,
  processObject,
  initiateMultipartUpload,
  uploadPart,
  uploadPartCopy,
  completeMultipartUpload,
  abortMultipartUpload,
  listParts,
  putLiveChannel,
  getLiveChannel,
  getLiveChannelState,
  deleteLiveChannel,
  postVodPlaylist,
];

/** Every operation that the emulated OSS has. */
export const OSS_OPERATIONS: readonly OssOperation[] = [...ON_BUCKETS, ...ON_OBJECTS];
