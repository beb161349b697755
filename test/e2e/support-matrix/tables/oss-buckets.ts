import { after, local, sentAgain, type Operation } from '../operation.js';
import type { OssWorld } from '../oss-world.js';

const CORS = [{ allowedOrigin: '*', allowedMethod: ['GET', 'PUT'] }];
const RULE = { id: 'r', prefix: 'logs/', status: 'Enabled', days: 3 };
const POLICY = { Version: '1', Statement: [] };
const INVENTORY = {
  id: 'daily',
  isEnabled: true,
  prefix: 'a',
  frequency: 'Daily',
  includedObjectVersions: 'All',
  OSSBucketDestination: { format: 'CSV', accountId: '42', rolename: 'r', bucket: 'reports', prefix: 'p' },
  optionalFields: { field: ['Size', 'ETag'] },
};
const RESOLVED_REMARK = 'Where ali-oss itself resolves a refusal, the client rejects.';

/** Calls a method with the bucket as its first argument. */
const on =
  (method: string, ...args: readonly unknown[]) =>
  ({ invoke, bucket }: OssWorld) =>
    invoke(method, bucket, ...structuredClone(args));

/** A setting of a bucket: how it is made, read and taken away. */
function setting(name: string, argument: string, ...args: readonly unknown[]): Operation<OssWorld>[] {
  const put = on(`putBucket${name}`, ...args);
  return [
    sentAgain(`putBucket${name}(bucket, ${argument})`, put),
    sentAgain(`getBucket${name}(bucket)`, after(put, on(`getBucket${name}`))),
    sentAgain(`deleteBucket${name}(bucket)`, after(put, on(`deleteBucket${name}`))),
  ];
}

const worm = async (world: OssWorld) => (await on('initiateBucketWorm', 1)(world))['wormId'];
const lockedWorm = async (world: OssWorld) => {
  const id = await worm(world);
  await on('completeBucketWorm', id)(world);
  return id;
};
const otherBucket = async ({ invoke, bucket }: OssWorld) => {
  await invoke('putBucket', `${bucket}-2`);
};

/** Operations on buckets. */
export const OSS_BUCKETS: readonly Operation<OssWorld>[] = [
  sentAgain('listBuckets(query)', ({ invoke, bucket }) => invoke('listBuckets', { prefix: bucket })),
  sentAgain('putBucket(name)', ({ invoke, bucket }) =>
    invoke('putBucket', `${bucket}-2`, { acl: 'private', storageClass: 'IA' }),
  ),
  sentAgain(
    'deleteBucket(name)',
    after(otherBucket, ({ invoke, bucket }) => invoke('deleteBucket', `${bucket}-2`)),
  ),
  sentAgain('getBucketInfo(bucket)', on('getBucketInfo')),
  sentAgain('getBucketLocation(bucket)', on('getBucketLocation')),
  sentAgain('getBucketStat(bucket)', on('getBucketStat')),
  sentAgain('putBucketACL(bucket, acl)', on('putBucketACL', 'public-read')),
  sentAgain('getBucketACL(bucket)', on('getBucketACL')),
  sentAgain('putBucketVersioning(bucket, status)', on('putBucketVersioning', 'Enabled'), {
    remark: RESOLVED_REMARK,
  }),
  sentAgain(
    'getBucketVersioning(bucket)',
    after(on('putBucketVersioning', 'Enabled'), on('getBucketVersioning')),
  ),
  sentAgain('putBucketRequestPayment(bucket, payer)', on('putBucketRequestPayment', 'Requester')),
  sentAgain('getBucketRequestPayment(bucket)', on('getBucketRequestPayment')),
  ...setting('CORS', 'rules', CORS),
  ...setting('Encryption', 'rule', { SSEAlgorithm: 'AES256' }),
  ...setting('Lifecycle', 'rules', [RULE]),
  ...setting('Logging', 'prefix', 'logs/'),
  ...setting('Policy', 'policy', POLICY),
  ...setting('Referer', 'allowEmpty, referers', false, ['http://a', 'http://b']),
  ...setting('Tags', 'tags', { a: '1', b: '2' }),
  ...setting('Website', 'config', { index: 'i.html', error: 'e.html' }),
  sentAgain('putBucketInventory(bucket, inventory)', on('putBucketInventory', INVENTORY)),
  sentAgain(
    'getBucketInventory(bucket, id)',
    after(on('putBucketInventory', INVENTORY), on('getBucketInventory', 'daily')),
  ),
  sentAgain(
    'listBucketInventory(bucket)',
    after(on('putBucketInventory', INVENTORY), on('listBucketInventory')),
  ),
  sentAgain(
    'deleteBucketInventory(bucket, id)',
    after(on('putBucketInventory', INVENTORY), on('deleteBucketInventory', 'daily')),
  ),
  sentAgain('initiateBucketWorm(bucket, days)', on('initiateBucketWorm', 1)),
  sentAgain('getBucketWorm(bucket)', after(worm, on('getBucketWorm'))),
  sentAgain('abortBucketWorm(bucket)', after(worm, on('abortBucketWorm')), { remark: RESOLVED_REMARK }),
  sentAgain(
    'completeBucketWorm(bucket, wormId)',
    after(worm, (world, id) => on('completeBucketWorm', id)(world)),
    { remark: RESOLVED_REMARK },
  ),
  sentAgain(
    'extendBucketWorm(bucket, wormId, days)',
    after(lockedWorm, (world, id) => on('extendBucketWorm', id, 2)(world)),
  ),
  local('useBucket(name)', async ({ invoke, bucket }) => {
    await invoke('useBucket', bucket);
    return invoke('getBucket');
  }),
  local('setBucket(name)', async ({ invoke, bucket }) => {
    await invoke('setBucket', bucket);
    return invoke('getBucket');
  }),
  local('getBucket()', ({ invoke }) => invoke('getBucket')),
];
