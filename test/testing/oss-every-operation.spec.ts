import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { ossClient } from './support/oss-client.js';
import { startCloud } from './support/start-cloud.js';

/** Any method of the SDK: its typings know fewer, and other ones. */
type Oss = Record<string, (...args: unknown[]) => Promise<Record<string, unknown>>>;

/** Calls one operation, after what it needs; the call itself comes last. */
type Call = (oss: Oss) => unknown;

const PART = 100 * 1024;
const BODY = Buffer.alloc(PART * 2, 'x');
const XML_RULE = { id: 'r', prefix: 'logs/', status: 'Enabled', days: 3 };
const INVENTORY = {
  id: 'daily',
  isEnabled: true,
  prefix: 'a',
  frequency: 'Daily',
  includedObjectVersions: 'All',
  OSSBucketDestination: { format: 'CSV', accountId: '42', rolename: 'r', bucket: 'reports', prefix: 'p' },
  optionalFields: { field: ['Size', 'ETag'] },
};
const CHANNEL = { Description: 'd', Status: 'enabled', Target: { Type: 'HLS', FragDuration: 5 } };

const bucketOf = (oss: Oss): unknown => oss['getBucket']?.();
const started = async (oss: Oss): Promise<string> =>
  String((await oss['initMultipartUpload']?.('big'))?.['uploadId']);
const uploaded = async (oss: Oss): Promise<[id: string, parts: object[]]> => {
  const id = await started(oss);
  const { etag } = (await oss['uploadPart']?.('big', id, 1, BODY, 0, PART)) ?? {};
  return [id, [{ number: 1, etag }]];
};
const worm = async (oss: Oss): Promise<unknown> =>
  (await oss['initiateBucketWorm']?.(bucketOf(oss), 1))?.['wormId'];

/** A call that needs others before it. */
const after =
  (names: readonly string[], call: Call): Call =>
  async (oss) => {
    for (const name of names) await CALLS[name]?.(oss);
    return call(oss);
  };

// Every method of ali-oss 6.23 that sends a request.
const CALLS: Readonly<Record<string, Call>> = {
  abortBucketWorm: async (oss) => [await worm(oss), await oss['abortBucketWorm']?.(bucketOf(oss))][1],
  abortMultipartUpload: async (oss) => oss['abortMultipartUpload']?.('big', await started(oss)),
  append: (oss) => oss['append']?.('log', Buffer.from('x')),
  completeBucketWorm: async (oss) => oss['completeBucketWorm']?.(bucketOf(oss), await worm(oss)),
  completeMultipartUpload: async (oss) => oss['completeMultipartUpload']?.('big', ...(await uploaded(oss))),
  copy: (oss) => oss['copy']?.('copied', 'cat.png'),
  createVod: (oss) => oss['createVod']?.('channel', 'vod.m3u8', { startTime: 1, endTime: 2 }),
  delete: (oss) => oss['delete']?.('cat.png'),
  deleteBucket: async (oss) => [await oss['putBucket']?.('other'), await oss['deleteBucket']?.('other')][1],
  deleteBucketCORS: (oss) => oss['deleteBucketCORS']?.(bucketOf(oss)),
  deleteBucketEncryption: (oss) => oss['deleteBucketEncryption']?.(bucketOf(oss)),
  deleteBucketInventory: (oss) => oss['deleteBucketInventory']?.(bucketOf(oss), 'daily'),
  deleteBucketLifecycle: (oss) => oss['deleteBucketLifecycle']?.(bucketOf(oss)),
  deleteBucketLogging: (oss) => oss['deleteBucketLogging']?.(bucketOf(oss)),
  deleteBucketPolicy: (oss) => oss['deleteBucketPolicy']?.(bucketOf(oss)),
  deleteBucketReferer: (oss) => oss['deleteBucketReferer']?.(bucketOf(oss)),
  deleteBucketTags: (oss) => oss['deleteBucketTags']?.(bucketOf(oss)),
  deleteBucketWebsite: (oss) => oss['deleteBucketWebsite']?.(bucketOf(oss)),
  deleteChannel: after(['putChannel'], (oss) => oss['deleteChannel']?.('channel')),
  deleteMulti: (oss) => oss['deleteMulti']?.(['cat.png']),
  deleteObjectTagging: (oss) => oss['deleteObjectTagging']?.('cat.png'),
  extendBucketWorm: async (oss) => {
    const id = await worm(oss);
    await oss['completeBucketWorm']?.(bucketOf(oss), id);
    return oss['extendBucketWorm']?.(bucketOf(oss), id, 2);
  },
  get: (oss) => oss['get']?.('cat.png'),
  getACL: (oss) => oss['getACL']?.('cat.png'),
  getAsyncFetch: async (oss) => {
    const { taskId } = (await oss['postAsyncFetch']?.('cat.png', 'http://example.com/cat.png')) ?? {};
    return oss['getAsyncFetch']?.(taskId);
  },
  getBucketACL: (oss) => oss['getBucketACL']?.(bucketOf(oss)),
  getBucketCORS: after(['putBucketCORS'], (oss) => oss['getBucketCORS']?.(bucketOf(oss))),
  getBucketEncryption: after(['putBucketEncryption'], (oss) => oss['getBucketEncryption']?.(bucketOf(oss))),
  getBucketInfo: (oss) => oss['getBucketInfo']?.(bucketOf(oss)),
  getBucketInventory: after(['putBucketInventory'], (oss) =>
    oss['getBucketInventory']?.(bucketOf(oss), 'daily'),
  ),
  getBucketLifecycle: after(['putBucketLifecycle'], (oss) => oss['getBucketLifecycle']?.(bucketOf(oss))),
  getBucketLocation: (oss) => oss['getBucketLocation']?.(bucketOf(oss)),
  getBucketLogging: (oss) => oss['getBucketLogging']?.(bucketOf(oss)),
  getBucketPolicy: after(['putBucketPolicy'], (oss) => oss['getBucketPolicy']?.(bucketOf(oss))),
  getBucketReferer: (oss) => oss['getBucketReferer']?.(bucketOf(oss)),
  getBucketRequestPayment: (oss) => oss['getBucketRequestPayment']?.(bucketOf(oss)),
  getBucketStat: (oss) => oss['getBucketStat']?.(bucketOf(oss)),
  getBucketTags: (oss) => oss['getBucketTags']?.(bucketOf(oss)),
  getBucketVersioning: (oss) => oss['getBucketVersioning']?.(bucketOf(oss)),
  getBucketVersions: (oss) => oss['getBucketVersions']?.({}),
  getBucketWebsite: after(['putBucketWebsite'], (oss) => oss['getBucketWebsite']?.(bucketOf(oss))),
  getBucketWorm: async (oss) => [await worm(oss), await oss['getBucketWorm']?.(bucketOf(oss))][1],
  getChannel: after(['putChannel'], (oss) => oss['getChannel']?.('channel')),
  getChannelHistory: after(['putChannel'], (oss) => oss['getChannelHistory']?.('channel')),
  getChannelStatus: after(['putChannel'], (oss) => oss['getChannelStatus']?.('channel')),
  getObjectMeta: (oss) => oss['getObjectMeta']?.('cat.png'),
  getObjectTagging: (oss) => oss['getObjectTagging']?.('cat.png'),
  getStream: async (oss) => {
    const answer = await oss['getStream']?.('cat.png');
    if (answer?.['stream'] instanceof Readable) answer['stream'].resume();
    return answer;
  },
  getSymlink: async (oss) =>
    [await oss['putSymlink']?.('link', 'é cat'), await oss['getSymlink']?.('link')][1],
  head: (oss) => oss['head']?.('cat.png'),
  initMultipartUpload: (oss) => oss['initMultipartUpload']?.('big'),
  initiateBucketWorm: (oss) => oss['initiateBucketWorm']?.(bucketOf(oss), 1),
  list: (oss) => oss['list']?.({}, {}),
  listBucketInventory: after(['putBucketInventory'], (oss) => oss['listBucketInventory']?.(bucketOf(oss))),
  listBuckets: (oss) => oss['listBuckets']?.({}),
  listChannels: after(['putChannel'], (oss) => oss['listChannels']?.({ 'max-keys': 10 })),
  listObjectVersions: (oss) => oss['listObjectVersions']?.({ prefix: 'c', maxKeys: 5 }),
  listParts: async (oss) => oss['listParts']?.('big', (await uploaded(oss))[0], {}),
  listUploads: (oss) => oss['listUploads']?.({ 'max-uploads': 1 }),
  listV2: (oss) => oss['listV2']?.({}),
  multipartUpload: (oss) => oss['multipartUpload']?.('big', BODY, { partSize: PART }),
  multipartUploadCopy: (oss) =>
    oss['multipartUploadCopy']?.(
      'copied',
      { sourceKey: 'big', sourceBucketName: bucketOf(oss) },
      { partSize: PART },
    ),
  postAsyncFetch: (oss) => oss['postAsyncFetch']?.('fetched', 'http://example.com/x'),
  processObjectSave: (oss) =>
    oss['processObjectSave']?.('cat.png', 'small.png', 'image/resize,w_10', bucketOf(oss)),
  put: (oss) => oss['put']?.('new', Buffer.from('x')),
  putACL: (oss) => oss['putACL']?.('cat.png', 'public-read'),
  putBucket: (oss) => oss['putBucket']?.('more', { acl: 'private', storageClass: 'IA' }),
  putBucketACL: (oss) => oss['putBucketACL']?.(bucketOf(oss), 'public-read'),
  putBucketCORS: (oss) =>
    oss['putBucketCORS']?.(bucketOf(oss), [{ allowedOrigin: '*', allowedMethod: ['GET', 'PUT'] }]),
  putBucketEncryption: (oss) => oss['putBucketEncryption']?.(bucketOf(oss), { SSEAlgorithm: 'AES256' }),
  putBucketInventory: (oss) => oss['putBucketInventory']?.(bucketOf(oss), INVENTORY),
  putBucketLifecycle: (oss) => oss['putBucketLifecycle']?.(bucketOf(oss), [{ ...XML_RULE }]),
  putBucketLogging: (oss) => oss['putBucketLogging']?.(bucketOf(oss), 'logs/'),
  putBucketPolicy: (oss) => oss['putBucketPolicy']?.(bucketOf(oss), { Version: '1', Statement: [] }),
  putBucketReferer: (oss) => oss['putBucketReferer']?.(bucketOf(oss), false, ['http://a', 'http://b']),
  putBucketRequestPayment: (oss) => oss['putBucketRequestPayment']?.(bucketOf(oss), 'Requester'),
  putBucketTags: (oss) => oss['putBucketTags']?.(bucketOf(oss), { a: '1', b: '2' }),
  putBucketVersioning: (oss) => oss['putBucketVersioning']?.(bucketOf(oss), 'Enabled'),
  putBucketWebsite: (oss) => oss['putBucketWebsite']?.(bucketOf(oss), { index: 'i.html', error: 'e.html' }),
  putChannel: (oss) => oss['putChannel']?.('channel', CHANNEL),
  putChannelStatus: after(['putChannel'], (oss) => oss['putChannelStatus']?.('channel', 'disabled')),
  putMeta: (oss) => oss['putMeta']?.('cat.png', { a: 1 }),
  putObjectTagging: (oss) => oss['putObjectTagging']?.('cat.png', { a: '1' }),
  putStream: (oss) => oss['putStream']?.('streamed', Readable.from(['x'])),
  putSymlink: (oss) => oss['putSymlink']?.('link', 'cat.png', { meta: { a: 1 }, storageClass: 'IA' }),
  request: (oss) =>
    oss['request']?.({ method: 'GET', bucket: bucketOf(oss), object: 'cat.png', successStatuses: [200] }),
  restore: async (oss) => {
    await oss['put']?.('frozen', Buffer.from('ice'), { headers: { 'x-oss-storage-class': 'ColdArchive' } });
    return oss['restore']?.('frozen', { type: 'ColdArchive', Days: 2 });
  },
  uploadPart: async (oss) => oss['uploadPart']?.('big', await started(oss), 1, BODY, 0, PART),
  uploadPartCopy: async (oss) => {
    const source = { sourceKey: 'big', sourceBucketName: bucketOf(oss) };
    return oss['uploadPartCopy']?.('big', await started(oss), 1, `0-${PART - 1}`, source);
  },
};

// What the client does by itself; the signed URLs and forms among them have a test of their own.
const WITHOUT_A_REQUEST: readonly string[] = [
  'asyncSignatureUrl',
  'authorization',
  'authorizationV4',
  'calculatePostSignature',
  'cancel',
  'checkBrowserAndVersion',
  'generateObjectUrl',
  'getBucket',
  'getObjectUrl',
  'getRtmpUrl',
  'isCancel',
  'parseXML',
  'requestError',
  'resetCancelFlag',
  'setBucket',
  'setSLDEnabled',
  'signPostObjectPolicyV4',
  'signature',
  'signatureUrl',
  'signatureUrlV4',
  'useBucket',
];

const OSS = createRequire(import.meta.url)('ali-oss') as { prototype: object };

test('every public method of ali-oss is known here', () => {
  const methods: string[] = [];
  // Inherited or not, enumerable: that is how the SDK is put together.
  for (const name in OSS.prototype) if (!name.startsWith('_')) methods.push(name);
  expect([...Object.keys(CALLS), ...WITHOUT_A_REQUEST].toSorted()).toEqual(methods.toSorted());
});

describe.each([
  ['V1', false],
  ['V4', true],
])('signed with %s', (_, authorizationV4) => {
  let cloud: AlibabaCloudEmulator;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'] });
  });
  afterAll(() => cloud.stop());

  /** What comes of a call in a bucket of its own: a locked retention policy, for one, stays for good. */
  const outcomeOf = async (name: string): Promise<unknown> => {
    const bucket = `photos-${name.toLowerCase()}`;
    const options = { authorizationV4, bucket };
    const oss = ossClient(cloud, cloud.secret('one'), options) as unknown as Oss;
    cloud.putObject(bucket, 'cat.png', 'meow');
    cloud.putObject(bucket, 'big', BODY);
    cloud.clearRequests();
    const answer = (await CALLS[name]?.(oss)) as { res: { status: number } };
    const last = cloud.requests('oss').at(-1);
    return last?.status === answer.res.status && last.status < 300 && last.action ? 'succeeds' : last;
  };

  test('every operation of ali-oss succeeds', async () => {
    const outcomes: Record<string, unknown> = {};
    for (const name of Object.keys(CALLS)) {
      outcomes[name] = await outcomeOf(name).catch((error: Error) => `${error.name}: ${error.message}`);
    }
    expect(outcomes).toEqual(Object.fromEntries(Object.keys(CALLS).map((name) => [name, 'succeeds'])));
  });
});
