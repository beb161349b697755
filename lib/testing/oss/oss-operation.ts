import type { Answer } from '../http/answer.js';
import type { MultipartUploads } from './multipart-uploads.js';
import type { ObjectStore } from './object-store.js';
import type { OssAddress } from './oss-address.js';
import type { OssRequest } from './oss-request.js';

/** One verified call to OSS. */
export interface OssCall {
  readonly request: OssRequest;
  readonly address: OssAddress;
  readonly store: ObjectStore;
  readonly uploads: MultipartUploads;
  /** The cloud's clock, epoch ms. */
  readonly now: () => number;
  /** The account that owns every bucket. */
  readonly accountId: string;
  /** The region of every bucket, such as `cn-hangzhou`. */
  readonly regionId: string;
}

/** What a call is about. */
export type OssScope = 'service' | 'bucket' | 'object';

/** One operation of OSS: when it is meant, and what it does. */
export interface OssOperation {
  /** Its name in the OSS API reference. */
  readonly name: string;
  readonly method: string;
  readonly scope: OssScope;
  /** The selectors that a call must have, all of them and no others; see `selectorsOf`. */
  readonly selectors?: readonly string[];
  /** What the ACL must grant everybody for it to be done without a signature; absent: that is never possible. */
  readonly needs?: 'read' | 'write';
  /** @throws ServiceError to refuse */
  run(call: OssCall): Answer | Promise<Answer>;
}
