import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import type { AnyOss, OssAnswer } from './support/any-oss.js';
import { failureOf } from './support/failure-of.js';
import { ossClient } from './support/oss-client.js';
import { sendPlain } from './support/rpc-caller.js';
import { startCloud } from './support/start-cloud.js';

const CRC_OF_MEOW = '17441977879110156400';

describe.each([
  ['V1', false],
  ['V4', true],
])('objects, signed with %s,', (_, authorizationV4) => {
  let cloud: AlibabaCloudEmulator;
  let oss: AnyOss;
  let laterMs = 0;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'], now: () => Date.now() + laterMs });
    oss = ossClient(cloud, cloud.secret('one'), { authorizationV4 }) as unknown as AnyOss;
  });
  afterAll(() => cloud.stop());
  beforeEach(() => {
    laterMs = 0;
    cloud.putObject('photos', 'cat.png', 'meow');
    cloud.clearRequests();
  });

  const call = async (name: string, ...args: unknown[]): Promise<OssAnswer> => {
    const answer = await oss[name]?.(...args);
    if (!answer) throw new Error(`no method ${name}`);
    return answer;
  };
  const headersOf = async (name: string, ...args: unknown[]): Promise<Record<string, string>> =>
    (await call(name, ...args)).res.headers;

  test('come with their CRC-64, however they were made', async () => {
    const crc = 'x-oss-hash-crc64ecma';
    const digits = await headersOf('put', 'digits', Buffer.from('123456789'));
    expect(digits[crc]).toBe('11051210869376104954');
    await call('append', 'log', Buffer.from('me'));
    expect((await headersOf('append', 'log', Buffer.from('ow'), { position: 2 }))[crc]).toBe(CRC_OF_MEOW);
    for (const method of ['get', 'head', 'getObjectMeta']) {
      expect((await headersOf(method, 'cat.png'))[crc]).toBe(CRC_OF_MEOW);
    }
    expect((await headersOf('copy', 'copied', 'cat.png'))[crc]).toBe(CRC_OF_MEOW);
    expect((await headersOf('get', 'cat.png', { headers: { Range: 'bytes=0-0' } }))[crc]).toBe(CRC_OF_MEOW);
    expect(cloud.object('photos', 'log')?.crc64).toBe(CRC_OF_MEOW);
  });

  test('have an ACL, which lets strangers in', async () => {
    const url = `${cloud.endpoints.oss}/photos/cat.png`;
    const statusOf = async (method = 'GET'): Promise<number> =>
      (await sendPlain(url, { method, body: '' })).status;
    expect((await call('getACL', 'cat.png'))['acl']).toBe('default');
    expect(await statusOf()).toBe(403);
    await call('putACL', 'cat.png', 'public-read');
    expect((await call('getACL', 'cat.png'))['acl']).toBe('public-read');
    expect([await statusOf(), await statusOf('HEAD'), await statusOf('PUT')]).toEqual([200, 200, 403]);
    await call('putACL', 'cat.png', 'default');
    await call('putBucketACL', 'photos', 'public-read-write');
    expect((await call('getBucketACL', 'photos'))['acl']).toBe('public-read-write');
    expect([await statusOf(), await statusOf('DELETE'), await statusOf('PUT')]).toEqual([200, 403, 200]);
    await call('putBucketACL', 'photos', 'private');
    await call('put', 'open', Buffer.from('x'), { headers: { 'x-oss-object-acl': 'public-read' } });
    expect(cloud.object('photos', 'open')?.acl).toBe('public-read');
    expect((await failureOf(call('putACL', 'cat.png', 'mine'))).code).toBe('InvalidArgument');
    expect((await failureOf(call('putBucketACL', 'photos', 'default'))).code).toBe('InvalidArgument');
  });

  test('have tags', async () => {
    await call('putObjectTagging', 'cat.png', { kind: 'cat', mood: 'a+b c' });
    expect((await call('getObjectTagging', 'cat.png'))['tag']).toEqual({ kind: 'cat', mood: 'a+b c' });
    expect((await headersOf('head', 'cat.png'))['x-oss-tagging-count']).toBe('2');
    await call('copy', 'copied', 'cat.png');
    expect(cloud.object('photos', 'copied')?.tags).toEqual({ kind: 'cat', mood: 'a+b c' });
    await call('deleteObjectTagging', 'cat.png');
    expect((await call('getObjectTagging', 'cat.png'))['tag']).toEqual({});
    await call('put', 'tagged', Buffer.from('x'), { headers: { 'x-oss-tagging': 'a=1&b=%20' } });
    expect(cloud.object('photos', 'tagged')?.tags).toEqual({ a: '1', b: ' ' });
  });

  test('may stand for others', async () => {
    cloud.putObject('photos', 'é/cat', 'meow', { 'content-type': 'text/cat' });
    await call('putSymlink', 'link', 'é/cat', { meta: { a: 1 } });
    expect((await call('getSymlink', 'link'))['targetName']).toBe('é/cat');
    const { content, res } = await call('get', 'link');
    expect([String(content), res.headers['x-oss-object-type']]).toEqual(['meow', 'Symlink']);
    await call('putSymlink', 'chain', 'link');
    await call('putSymlink', 'broken', 'nothing');
    expect((await failureOf(call('get', 'chain'))).code).toBe('InvalidTargetType');
    expect((await failureOf(call('get', 'broken'))).code).toBe('SymlinkTargetNotExist');
    expect((await failureOf(call('getSymlink', 'cat.png'))).code).toBe('NotSymlink');
  });

  test('may be frozen, until they are restored', async () => {
    const options = { headers: { 'x-oss-storage-class': 'ColdArchive' } };
    await call('put', 'ice', Buffer.from('ice'), options);
    expect(await failureOf(call('get', 'ice'))).toMatchObject({ code: 'InvalidObjectState', status: 403 });
    expect((await call('restore', 'ice', { type: 'ColdArchive', Days: 3 })).res.status).toBe(202);
    const { content, res } = await call('get', 'ice');
    expect([String(content), res.headers['x-oss-storage-class']]).toEqual(['ice', 'ColdArchive']);
    expect(res.headers['x-oss-restore']).toMatch(/^ongoing-request="false", expiry-date=".* GMT"$/);
    laterMs = 3 * 86_400_000;
    const late = ossClient(cloud, cloud.secret('one'), {
      authorizationV4,
      amendTimeSkewed: laterMs,
    } as object);
    expect((await failureOf(late.get('ice'))).code).toBe('InvalidObjectState');
    laterMs = 0;
    expect((await failureOf(call('restore', 'cat.png'))).code).toBe('OperationNotSupported');
  });

  test('are processed: what was asked for is recorded, an image is described', async () => {
    expect(String((await call('get', 'cat.png', { process: 'image/resize,w_10' })).content)).toBe('meow');
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000200000001008060000', 'hex');
    cloud.putObject('photos', 'real.png', png);
    const info = JSON.parse(
      String((await call('get', 'real.png', { process: 'image/info' })).content),
    ) as object;
    expect(info).toEqual({
      FileSize: { value: String(png.length) },
      Format: { value: 'png' },
      ImageHeight: { value: '16' },
      ImageWidth: { value: '32' },
    });
    await call('processObjectSave', 'cat.png', 'small é.png', 'image/resize,w_10', 'thumbnails');
    expect(cloud.object('thumbnails', 'small é.png')?.body.toString()).toBe('meow');
    const asked = cloud.requests('oss').map(({ action, process }) => [action, process?.split('|')[0]]);
    expect(asked).toEqual([
      ['GetObject', 'image/resize,w_10'],
      ['GetObject', 'image/info'],
      ['PostProcessObject', 'image/resize,w_10'],
    ]);
    const gif = Buffer.from('474946383961050007000000', 'hex');
    cloud.putObject('photos', 'x.gif', gif);
    const gifInfo = JSON.parse(
      String((await call('get', 'x.gif', { process: 'image/info' })).content),
    ) as object;
    expect(gifInfo).toMatchObject({ ImageWidth: { value: '5' }, ImageHeight: { value: '7' } });
  });

  test('are fetched from elsewhere once a test has put them', async () => {
    const { taskId } = await call('postAsyncFetch', 'fetched', 'http://example.com/a', {
      ignoreSameKey: false,
    });
    const running = await call('getAsyncFetch', taskId);
    expect(running).toMatchObject({
      state: 'Running',
      taskInfo: { object: 'fetched', ignoreSameKey: 'false' },
    });
    cloud.putObject('photos', 'fetched', 'x');
    expect((await call('getAsyncFetch', taskId))['state']).toBe('Success');
    expect((await failureOf(call('getAsyncFetch', 'x'))).status).toBe(404);
    // The client does not escape what it puts into XML.
    expect((await failureOf(call('postAsyncFetch', 'x', 'http://a?b&c'))).code).toBe('MalformedXML');
  });

  test('are uploaded with a callback, which seems to have been called', async () => {
    const callback = { url: 'http://example.com/done', body: 'object=${object}', customValue: { a: '1' } };
    const expected = { data: { Status: 'OK' } };
    expect(await call('put', 'called', Buffer.from('x'), { callback })).toMatchObject(expected);
    const options = { partSize: 102_400, callback };
    expect(await call('multipartUpload', 'big', Buffer.alloc(204_800), options)).toMatchObject(expected);
    expect(cloud.object('photos', 'big')?.body).toHaveLength(204_800);
  });

  test('are copied only when the conditions hold', async () => {
    const { etag } = cloud.putObject('photos', 'source', 'x');
    const copy = async (headers: object): Promise<unknown> =>
      call('copy', 'target', 'source', { headers }).then(
        ({ res }) => res.status,
        (error: { code?: string }) => error.code,
      );
    expect(await copy({ 'if-match': etag })).toBe(200);
    expect(await copy({ 'if-match': '"x"' })).toBe('PreconditionFailed');
    expect(await copy({ 'if-none-match': etag })).toBe(304);
    expect(await copy({ 'if-modified-since': new Date(Date.now() + 60_000).toUTCString() })).toBe(304);
    expect(await copy({ 'x-oss-forbid-overwrite': 'true' })).toBe('FileAlreadyExists');
  });
});
