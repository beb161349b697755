import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { failureOf } from './support/failure-of.js';
import { ossClient } from './support/oss-client.js';
import { startCloud } from './support/start-cloud.js';

/** Any method of the SDK: its typings know fewer, and other ones. */
type Oss = Record<string, (...args: unknown[]) => Promise<Record<string, unknown>>>;

describe.each([
  ['V1', false],
  ['V4', true],
])('the settings of a bucket, signed with %s,', (_, authorizationV4) => {
  let cloud: AlibabaCloudEmulator;
  let oss: Oss;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'], regionId: 'cn-beijing' });
    oss = ossClient(cloud, cloud.secret('one'), { authorizationV4 }) as unknown as Oss;
  });
  afterAll(() => cloud.stop());

  const call = async (name: string, ...args: unknown[]): Promise<Record<string, unknown>> => {
    const answer = await oss[name]?.(...args);
    if (!answer) throw new Error(`no method ${name}`);
    return answer;
  };
  const codeOf = async (name: string, ...args: unknown[]): Promise<unknown> =>
    (await failureOf(call(name, ...args))).code;

  const RULE = { allowedOrigin: '*', allowedMethod: ['GET', 'PUT'], maxAgeSeconds: '9' };
  const ENCRYPTION = { SSEAlgorithm: 'KMS', KMSMasterKeyID: 'k' };
  test.each<[string, unknown[], object, object, boolean?]>([
    [
      'CORS',
      [[RULE]],
      { rules: [{ allowedOrigin: '*', allowedMethod: ['GET', 'PUT'], maxAgeSeconds: '9' }] },
      { code: 'NoSuchCORSConfiguration' },
    ],
    [
      'Lifecycle',
      [[{ id: 'r', prefix: 'logs/', status: 'Enabled', expiration: { days: 3 } }]],
      { rules: [{ id: 'r', prefix: 'logs/', status: 'Enabled', expiration: { days: '3' } }] },
      { code: 'NoSuchLifecycle' },
    ],
    [
      'Website',
      [{ index: 'i.html', error: 'e.html' }],
      { index: 'i.html', error: 'e.html' },
      { code: 'NoSuchWebsiteConfiguration' },
    ],
    ['Logging', ['logs/'], { enable: true, prefix: 'logs/' }, { enable: false }],
    [
      'Referer',
      [false, ['http://a', 'http://b']],
      { allowEmpty: false, referers: ['http://a', 'http://b'] },
      { allowEmpty: true, referers: null },
    ],
    ['Encryption', [ENCRYPTION], { encryption: ENCRYPTION }, { code: 'NoSuchServerSideEncryptionRule' }],
    ['Tags', [{ a: '1', b: '2' }], { tag: { a: '1', b: '2' } }, { tag: {} }],
    [
      'Policy',
      [{ Version: '1', Statement: [] }],
      { policy: { Version: '1', Statement: [] } },
      { policy: null },
    ],
    ['RequestPayment', ['Requester'], { payer: 'Requester' }, { payer: 'BucketOwner' }, false],
  ])('are given back as they were put: %s', async (what, put, got, initial, canBeDeleted = true) => {
    const get = (): Promise<object> => call(`getBucket${what}`, 'photos').catch((error: object) => error);
    expect(await get()).toMatchObject(initial);
    await call(`putBucket${what}`, 'photos', ...put);
    expect(await get()).toMatchObject(got);
    if (canBeDeleted) await call(`deleteBucket${what}`, 'photos');
    expect(await get()).toMatchObject(canBeDeleted ? initial : got);
  });

  test('must be well-formed', async () => {
    expect(await codeOf('putBucketTags', 'photos', { 'a&b': '<' })).toBe('MalformedXML');
    expect(await codeOf('putBucketWebsite', 'photos', { index: 'a</Suffix>' })).toBe('MalformedXML');
    const raw = { method: 'PUT', bucket: 'photos', successStatuses: [200] };
    for (const content of ['<a/>', '<CORSConfiguration/><CORSConfiguration/>', '<CORSConfiguration>', 'x']) {
      expect(await codeOf('request', { ...raw, subres: 'cors', content })).toBe('MalformedXML');
    }
    expect(await codeOf('request', { ...raw, subres: 'policy', content: '{' })).toBe('InvalidPolicyDocument');
    expect(await codeOf('request', { ...raw, subres: 'versioning', content: '<x/>' })).toBe('MalformedXML');
  });

  test('hold inventories, one by one and together', async () => {
    const OSSBucketDestination = {
      format: 'CSV',
      accountId: '42',
      rolename: 'r',
      bucket: 'reports',
      prefix: 'p',
    };
    const common = {
      isEnabled: true,
      frequency: 'Daily',
      includedObjectVersions: 'All',
      OSSBucketDestination,
    };
    for (const id of ['a', 'b']) {
      await call('putBucketInventory', 'photos', {
        ...common,
        id,
        prefix: `${id}/`,
        optionalFields: { field: ['Size'] },
      });
    }
    expect((await call('getBucketInventory', 'photos', 'a'))['inventory']).toMatchObject({
      id: 'a',
      isEnabled: true,
      prefix: 'a/',
      OSSBucketDestination: { rolename: 'r', bucket: 'reports' },
      optionalFields: { field: ['Size'] },
    });
    expect(await call('listBucketInventory', 'photos')).toMatchObject({
      isTruncated: false,
      inventoryList: [{ id: 'a' }, { id: 'b' }],
    });
    await call('deleteBucketInventory', 'photos', 'a');
    expect(await codeOf('getBucketInventory', 'photos', 'a')).toBe('NoSuchInventory');
  });

  test('hold a retention policy, which protects objects once it is locked', async () => {
    expect(await codeOf('getBucketWorm', 'vault')).toBe('NoSuchWORMConfiguration');
    await call('initiateBucketWorm', 'vault', 1);
    await call('abortBucketWorm', 'vault');
    const { wormId } = await call('initiateBucketWorm', 'vault', 2);
    expect(await call('getBucketWorm', 'vault')).toMatchObject({ wormId, state: 'InProgress', days: '2' });
    expect(await codeOf('extendBucketWorm', 'vault', wormId, 3)).toBe('InvalidWormConfiguration');
    cloud.putObject('vault', 'doc', 'x');
    await call('completeBucketWorm', 'vault', wormId);
    await call('extendBucketWorm', 'vault', wormId, 3);
    expect(await call('getBucketWorm', 'vault')).toMatchObject({ state: 'Locked', days: '3' });
    expect(await codeOf('initiateBucketWorm', 'vault', 1)).toBe('WORMConfigurationLocked');
    // The client takes a refusal of this one for an answer.
    expect((await call('abortBucketWorm', 'vault'))['status']).toBe(409);
    expect((await call('completeBucketWorm', 'vault', 'x'))['status']).toBe(404);
    const options = { authorizationV4, bucket: 'vault' };
    const vault = ossClient(cloud, cloud.secret('one'), options);
    expect((await failureOf(vault.delete('doc'))).code).toBe('FileImmutable');
    expect((await failureOf(vault.put('doc', Buffer.from('y')))).code).toBe('FileImmutable');
    await vault.put('other', Buffer.from('y'));
  });

  test('tell where it is, what it holds, and of what class it is', async () => {
    await call('putBucket', 'cold', { storageClass: 'IA', acl: 'public-read' });
    cloud.putObject('cold', 'x', '12345');
    expect((await call('getBucketLocation', 'cold'))['location']).toBe('oss-cn-beijing');
    expect((await call('getBucketStat', 'cold'))['stat']).toMatchObject({ Storage: '5', ObjectCount: '1' });
    expect((await call('getBucketInfo', 'cold'))['bucket']).toMatchObject({
      StorageClass: 'IA',
      AccessControlList: { Grant: 'public-read' },
    });
  });

  test('hold live channels', async () => {
    const conf = { Description: 'd', Target: { Type: 'HLS', FragDuration: 5 } };
    const { publishUrls, playUrls } = await call('putChannel', 'one', conf);
    expect([publishUrls, playUrls]).toEqual([
      [expect.stringMatching(/^rtmp:\/\/photos\..*\/live\/one$/)],
      [expect.stringMatching(/\/one\/playlist\.m3u8$/)],
    ]);
    await call('putChannel', 'two', { ...conf, Status: 'disabled' });
    expect((await call('getChannel', 'one'))['data']).toMatchObject({
      Description: 'd',
      Target: { Type: 'HLS' },
    });
    const statusOf = async (name: string): Promise<unknown> => (await call('getChannelStatus', name))['data'];
    expect([await statusOf('one'), await statusOf('two')]).toEqual([
      { Status: 'Idle' },
      { Status: 'Disabled' },
    ]);
    await call('putChannelStatus', 'one', 'disabled');
    await call('putChannelStatus', 'two', 'enabled');
    expect([await statusOf('one'), await statusOf('two')]).toEqual([
      { Status: 'Disabled' },
      { Status: 'Idle' },
    ]);
    expect(await codeOf('putChannelStatus', 'one', 'maybe')).toBe('InvalidArgument');
    expect((await call('getChannelHistory', 'one'))['records']).toEqual([]);
    const page = await call('listChannels', { 'max-keys': 1 });
    expect(page).toMatchObject({ channels: [{ Name: 'one' }], isTruncated: true, nextMarker: 'one' });
    const rest = await call('listChannels', { marker: 'one' });
    expect(rest).toMatchObject({ channels: [{ Name: 'two' }], isTruncated: false });
    await call('createVod', 'one', 'vod.m3u8', { startTime: 1, endTime: 2 });
    expect(cloud.object('photos', 'one/vod.m3u8')?.body.toString()).toContain('#EXTM3U');
    await call('deleteChannel', 'one');
    expect(await codeOf('getChannel', 'one')).toBe('NoSuchLiveChannel');
  });

  test('leave uploads that are under way to be listed page by page', async () => {
    for (const name of ['a', 'a', 'b']) await call('initMultipartUpload', name);
    const first = await call('listUploads', { 'max-uploads': 1 });
    const second = await call('listUploads', {
      'key-marker': first['nextKeyMarker'],
      'upload-id-marker': first['nextUploadIdMarker'],
    });
    expect([first['isTruncated'], second['isTruncated']]).toEqual([true, false]);
    expect([first, second].map(({ uploads }) => (uploads as object[]).length)).toEqual([1, 2]);
    const rest = await call('listUploads', { 'key-marker': 'a' });
    expect(rest['uploads']).toMatchObject([{ name: 'b' }]);
  });
});
