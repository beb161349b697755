import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type OSS from 'ali-oss';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { failureOf } from './support/failure-of.js';
import { ossClient } from './support/oss-client.js';
import { startCloud } from './support/start-cloud.js';

interface Page {
  readonly objects: readonly { readonly name: string }[];
  readonly prefixes: readonly string[] | null;
  readonly isTruncated: boolean;
  readonly nextMarker: string | null;
  readonly nextContinuationToken: string | null;
  readonly keyCount: number;
}

const namesOf = (page: Page): string[] => page.objects.map(({ name }) => name);

describe.each([
  ['V1', false],
  ['V4', true],
])('buckets, signed with %s', (_, authorizationV4) => {
  let cloud: AlibabaCloudEmulator;
  let oss: OSS;
  const names = ['a.txt', 'b&c.txt', 'docs/1', 'docs/2', 'docs/deep/3', 'video/1', 'z'];

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'], accountId: '42', regionId: 'cn-beijing' });
    for (const name of names.toReversed()) cloud.putObject('photos', name, name);
    oss = ossClient(cloud, cloud.secret('one'), { authorizationV4 });
  });
  afterAll(() => cloud.stop());

  const list = async (query: object): Promise<Page> =>
    (await oss.list(query as never, {})) as unknown as Page;
  const listV2 = async (query: object): Promise<Page> =>
    (await (oss as OSS & { listV2(query: object): Promise<unknown> }).listV2(query)) as Page;

  test('are listed in order, with what is known of each object', async () => {
    const page = await list({});
    expect(namesOf(page)).toEqual(names);
    expect(page.objects[0]).toMatchObject({
      name: 'a.txt',
      size: 5,
      type: 'Normal',
      storageClass: 'Standard',
      etag: cloud.object('photos', 'a.txt')?.etag,
      owner: { id: '42' },
    });
    expect([page.isTruncated, page.nextMarker, page.prefixes]).toEqual([false, null, null]);
    expect(namesOf(await list({ prefix: '', marker: '' }))).toEqual(names);
  });

  test.each([1, 2, 3, 100])('are listed page by page, %d at a time', async (size) => {
    const seen: string[] = [];
    const query = { 'max-keys': size, delimiter: '/' };
    let marker: string | null = '';
    while (marker !== null) {
      const page: Page = await list(marker === '' ? query : { ...query, marker });
      seen.push(...namesOf(page), ...(page.prefixes ?? []));
      marker = page.nextMarker;
    }
    expect(seen.toSorted()).toEqual(['a.txt', 'b&c.txt', 'docs/', 'video/', 'z']);
    const seenV2: string[] = [];
    let token: string | null = '';
    while (token !== null) {
      const page: Page = await listV2(
        token === '' ? { 'max-keys': size } : { 'max-keys': size, continuationToken: token },
      );
      expect(page.keyCount).toBe(page.objects.length);
      seenV2.push(...namesOf(page));
      token = page.nextContinuationToken;
    }
    expect(seenV2).toEqual(names);
  });

  test('are listed by prefix, delimiter and starting point', async () => {
    expect(namesOf(await list({ prefix: 'docs/' }))).toEqual(['docs/1', 'docs/2', 'docs/deep/3']);
    const folder = await list({ prefix: 'docs/', delimiter: '/' });
    expect([namesOf(folder), folder.prefixes]).toEqual([['docs/1', 'docs/2'], ['docs/deep/']]);
    expect(namesOf(await list({ marker: 'docs/2' }))).toEqual(['docs/deep/3', 'video/1', 'z']);
    expect((await list({ marker: 'docs/1', delimiter: '/' })).prefixes).toEqual(['docs/', 'video/']);
    expect(namesOf(await listV2({ 'start-after': 'video/' }))).toEqual(['video/1', 'z']);
    const owned = await listV2({ prefix: 'z', 'fetch-owner': 'true' });
    expect(owned.objects).toEqual([
      expect.objectContaining({ name: 'z', owner: { id: '42', displayName: '42' } }),
    ]);
  });

  test('are listed with encoded names when the client wants it', async () => {
    expect(namesOf(await list({ prefix: 'b', 'encoding-type': 'url' }))).toEqual(['b%26c.txt']);
  });

  test('are not listed with a senseless size', async () => {
    for (const size of [0, 1001, 'many']) {
      expect(await failureOf(list({ 'max-keys': size }))).toMatchObject({
        code: 'InvalidArgument',
        status: 400,
      });
    }
  });

  test('exist as soon as something is in them, or they are made', async () => {
    const bucketsOf = async (query: object): Promise<unknown> => {
      const { buckets } = (await oss.listBuckets(query)) as unknown as {
        buckets: { name: string }[] | null;
      };
      return buckets?.map(({ name }) => name);
    };
    expect(await bucketsOf({})).toEqual(['photos']);
    await oss.putBucket('more-photos');
    expect(await bucketsOf({})).toEqual(['more-photos', 'photos']);
    expect(await bucketsOf({ prefix: 'ph' })).toEqual(['photos']);
    expect(await bucketsOf({ marker: 'more-photos', 'max-keys': 1 })).toEqual(['photos']);
    expect(((await oss.getBucketInfo('photos')) as { bucket: object }).bucket).toMatchObject({
      Name: 'photos',
      Location: 'oss-cn-beijing',
    });
    expect(await failureOf(oss.deleteBucket('photos'))).toMatchObject({
      code: 'BucketNotEmpty',
      status: 409,
    });
    await oss.deleteBucket('more-photos');
    expect(await bucketsOf({})).toEqual(['photos']);
    expect(cloud.requests('oss').map(({ action }) => action)).toContain('ListBuckets');
  });

  test('may be named like any other, even undefined', async () => {
    const odd = ossClient(cloud, cloud.secret('one'), { authorizationV4, bucket: 'undefined' });
    await odd.put('x', Buffer.from('odd'));
    expect(cloud.object('undefined', 'x')?.body.toString()).toBe('odd');
    expect(((await odd.list({} as never, {})) as unknown as Page).objects).toHaveLength(1);
    cloud.clearRequests();
    await odd.deleteMulti(['x']);
    await odd.deleteBucket('undefined');
  });

  test('may stand in the path', async () => {
    const inPath = ossClient(cloud, cloud.secret('one'), { authorizationV4, sldEnable: true });
    await inPath.put('photos/nested', Buffer.from('1'));
    await oss.put('photos/nested', Buffer.from('2'));
    await inPath.put('photos2/x', Buffer.from('3'));
    expect(cloud.object('photos', 'photos/nested')?.body.toString()).toBe('2');
    expect(cloud.object('photos', 'nested')).toBeUndefined();
    expect(cloud.object('photos', 'photos2/x')?.body.toString()).toBe('3');
    await inPath.put('alone', Buffer.from('4'));
    expect(cloud.object('photos', 'alone')?.body.toString()).toBe('4');
    expect(((await inPath.list({ prefix: 'alone' } as never, {})) as unknown as Page).objects).toHaveLength(
      1,
    );
  });
});
