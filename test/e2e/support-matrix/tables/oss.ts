import type { Operation } from '../operation.js';
import type { OssWorld } from '../oss-world.js';
import { OSS_BUCKETS } from './oss-buckets.js';
import { OSS_LIVE_CHANNELS } from './oss-live-channels.js';
import { OSS_MULTIPART } from './oss-multipart.js';
import { OSS_OBJECTS } from './oss-objects.js';
import { OSS_SIGNING } from './oss-signing.js';

/** All operations of the OSS client. */
export const OSS_OPERATIONS: readonly Operation<OssWorld>[] = [
  ...OSS_OBJECTS,
  ...OSS_MULTIPART,
  ...OSS_BUCKETS,
  ...OSS_LIVE_CHANNELS,
  ...OSS_SIGNING,
];
