import { createRequire } from 'node:module';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { failureOf } from './support/failure-of.js';
import { ossClient } from './support/oss-client.js';
import { sendPlain } from './support/rpc-caller.js';
import { startCloud } from './support/start-cloud.js';

/** Any method of the SDK: its typings know fewer, and other ones. */
type Oss = Record<string, (...args: unknown[]) => Promise<Answer>>;
interface Answer extends Record<string, unknown> {
  readonly res: { readonly status: number; readonly headers: Record<string, string>; readonly data?: Buffer };
  readonly content?: Buffer;
}

const CRC_OF_MEOW = '17441977879110156400';

describe.each([
  ['V1', false],
  ['V4', true],
])('objects, signed with %s,', (_, authorizationV4) => {
  let cloud: AlibabaCloudEmulator;
  let oss: Oss;
  let laterMs = 0;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'], now: () => Date.now() + laterMs });
    oss = ossClient(cloud, cloud.secret('one'), { authorizationV4 }) as unknown as Oss;
  });
  afterAll(() => cloud.stop());
  beforeEach(() => {
    laterMs = 0;
    cloud.putObject('photos', 'cat.png', 'meow');
    cloud.clearRequests();
  });

  const call = async (name: string, ...args: unknown[]): Promise<Answer> => {
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

  test('have versions, in a bucket that keeps them', async () => {
    const versioned = ossClient(cloud, cloud.secret('one'), {
      authorizationV4,
      bucket: 'archive',
    }) as unknown as Oss;
    const run = async (name: string, ...args: unknown[]): Promise<Answer> =>
      (await versioned[name]?.(...args)) as Answer;
    const idOf = ({ res }: Answer): string | undefined => res.headers['x-oss-version-id'];
    expect(idOf(await run('put', 'doc', Buffer.from('zero')))).toBeUndefined();
    expect((await run('getBucketVersioning', 'archive'))['versionStatus']).toBeUndefined();
    await run('putBucketVersioning', 'archive', 'Enabled');
    expect((await run('getBucketVersioning', 'archive'))['versionStatus']).toBe('Enabled');
    const first = idOf(await run('put', 'doc', Buffer.from('one')));
    const second = idOf(await run('put', 'doc', Buffer.from('two')));
    const text = async (versionId?: string): Promise<string> =>
      String((await run('get', 'doc', versionId === undefined ? {} : { versionId })).content);
    expect([await text(), await text(first), await text(second), await text('null')]).toEqual([
      'two',
      'one',
      'two',
      'zero',
    ]);
    expect(idOf(await run('head', 'doc'))).toBe(second);
    expect((await failureOf(run('get', 'doc', { versionId: 'x' }))).code).toBe('NoSuchVersion');

    const deletion = await run('delete', 'doc');
    expect(deletion.res.headers).toMatchObject({ 'x-oss-delete-marker': 'true' });
    const marker = idOf(deletion);
    expect((await failureOf(run('get', 'doc'))).code).toBe('NoSuchKey');
    expect((await failureOf(run('get', 'doc', { versionId: marker }))).code).toBe('MethodNotAllowed');
    expect(cloud.object('archive', 'doc')).toBeUndefined();
    expect((await run('list', {}, {}))['objects']).toEqual([]);
    const { objects, deleteMarker } = await run('getBucketVersions', {});
    expect(objects).toMatchObject([
      { name: 'doc', versionId: second, isLatest: false, size: 3 },
      { versionId: first },
      { versionId: 'null', size: 4 },
    ]);
    expect(deleteMarker).toMatchObject([{ name: 'doc', versionId: marker }]);

    await run('delete', 'doc', { versionId: marker });
    expect(await text()).toBe('two');
    await run('copy', 'doc', 'doc', { versionId: first });
    expect(await text()).toBe('one');
    await run('putACL', 'doc', 'public-read', { versionId: second });
    expect((await run('getACL', 'doc', { versionId: second }))['acl']).toBe('public-read');
    expect((await run('getACL', 'doc'))['acl']).toBe('default');
    await run('deleteMulti', [{ key: 'doc', versionId: second }, 'doc']);
    expect((await failureOf(run('get', 'doc'))).code).toBe('NoSuchKey');

    await run('putBucketVersioning', 'archive', 'Suspended');
    expect(idOf(await run('put', 'doc', Buffer.from('last')))).toBe('null');
    expect([await text(), await text('null')]).toEqual(['last', 'last']);
    expect((await failureOf(run('deleteBucket', 'archive'))).code).toBe('BucketNotEmpty');
  });

  test('list their versions page by page', async () => {
    const paged = ossClient(cloud, cloud.secret('one'), {
      authorizationV4,
      bucket: 'paged',
    }) as unknown as Oss;
    await paged['putBucketVersioning']?.('paged', 'Enabled');
    for (const name of ['a/1', 'a/1', 'b', 'b', 'c']) cloud.putObject('paged', name, 'x');
    const seen: unknown[] = [];
    let query: object = { maxKeys: 2 };
    for (;;) {
      const page = (await paged['getBucketVersions']?.(query)) as Answer & { objects: { name: string }[] };
      seen.push(...page.objects.map(({ name }) => name));
      if (!page['isTruncated']) break;
      query = { maxKeys: 2, keyMarker: page['nextKeyMarker'], versionIdMarker: page['nextVersionIdMarker'] };
    }
    expect(seen).toEqual(['a/1', 'a/1', 'b', 'b', 'c']);
    const folded = await paged['getBucketVersions']?.({ delimiter: '/' });
    expect(folded).toMatchObject({
      prefixes: ['a/'],
      objects: [{ name: 'b' }, { name: 'b' }, { name: 'c' }],
    });
    const rest = await paged['getBucketVersions']?.({ keyMarker: 'a/1' });
    expect(rest).toMatchObject({ objects: [{ name: 'b' }, { name: 'b' }, { name: 'c' }] });
  });
});

describe('the other clients of ali-oss', () => {
  let cloud: AlibabaCloudEmulator;
  const sdk = createRequire(import.meta.url)('ali-oss') as Record<string, new (options: object) => Oss>;
  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'] });
    cloud.putObject('photos', 'cat.jpg', 'meow');
  });
  afterAll(() => cloud.stop());

  const create = (name: string, options: object): Oss => {
    const Client = sdk[name];
    if (!Client) throw new Error(`no class ${name}`);
    return new Client(options);
  };
  const common = (): object => ({ ...cloud.secret('one'), bucket: 'photos', region: 'oss-cn-hangzhou' });

  test('for images describe them, in the way of old', async () => {
    const image = create('ImageClient', { ...common(), imageHost: cloud.endpoints.oss });
    expect(String((await image['get']?.('cat.jpg'))?.content)).toBe('meow');
    const expected = { data: { FileSize: 4, Format: 'jpg', ImageHeight: 1, ImageWidth: 1 } };
    expect(await image['getInfo']?.('cat.jpg')).toMatchObject(expected);
    expect(await image['getExif']?.('cat.jpg')).toMatchObject(expected);
  });

  test('for a cluster write to all of its nodes', async () => {
    const endpoint = cloud.endpoints.oss;
    const cluster = [
      { ...common(), endpoint },
      { ...common(), endpoint, bucket: 'mirror' },
    ];
    const client = create('ClusterClient', { cluster });
    await client['put']?.('both', Buffer.from('x'));
    void client['close']?.();
    expect([cloud.object('photos', 'both'), cloud.object('mirror', 'both')].every(Boolean)).toBe(true);
  });

  test('for STS assume the role', async () => {
    const { request } = createRequire(import.meta.url)('urllib') as {
      request: (url: string, options: object) => Promise<object>;
    };
    const urllib = {
      request: (url: string, options: object) => request(url, { ...options, ca: cloud.certificates.ca }),
    };
    const sts = create('STS', { ...cloud.kmsIdentity, endpoint: cloud.endpoints.sts, urllib });
    const answer = await sts['assumeRole']?.(cloud.role.arn, { Version: '1' }, 900, 'app');
    expect(answer).toMatchObject({ credentials: { AccessKeyId: expect.stringMatching(/^STS\./) } });
    const wrong = create('STS', { ...cloud.secret('one'), endpoint: cloud.endpoints.sts, urllib });
    expect(await failureOf(wrong['assumeRole']?.(cloud.role.arn) ?? Promise.resolve())).toMatchObject({
      code: 'NoPermission',
      status: 403,
    });
  });
});
