import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type OSS from 'ali-oss';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { failureOf } from './support/failure-of.js';
import { ossClient } from './support/oss-client.js';
import { startCloud } from './support/start-cloud.js';

const md5Of = (body: Buffer): string => createHash('md5').update(body).digest('hex');

describe.each([
  ['V1', false],
  ['V4', true],
])('objects, signed with %s', (_, authorizationV4) => {
  let cloud: AlibabaCloudEmulator;
  let directory: string;
  let oss: OSS;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['oss-writer'] });
    directory = await mkdtemp(join(tmpdir(), 'oss-objects-'));
    oss = ossClient(cloud, cloud.secret('oss-writer'), { authorizationV4 });
  });
  afterAll(async () => {
    await Promise.all([cloud.stop(), rm(directory, { recursive: true })]);
  });
  beforeEach(() => cloud.clearRequests());

  const big = randomBytes(5_000_000);

  test('are kept byte for byte, from a buffer, a file and a stream', async () => {
    const file = join(directory, 'up');
    await writeFile(file, big);
    await oss.put('from-buffer', big);
    await oss.put('from-file', file);
    await oss.putStream('from-stream', Readable.from([big.subarray(0, 7), big.subarray(7)]));
    for (const name of ['from-buffer', 'from-file', 'from-stream']) {
      const object = cloud.object('photos', name);
      expect(object?.body.equals(big)).toBe(true);
      expect([object?.md5, object?.etag]).toEqual([md5Of(big), `"${md5Of(big).toUpperCase()}"`]);
    }
    expect(cloud.requests('oss').map(({ action, bytes, md5 }) => [action, bytes, md5])).toEqual(
      Array.from({ length: 3 }, () => ['PutObject', big.length, md5Of(big)]),
    );
  });

  test('come back as a buffer, a file and a stream', async () => {
    cloud.putObject('photos', 'big', big);
    const file = join(directory, 'down');
    await oss.get('big', file);
    const { stream } = (await oss.getStream('big')) as { stream: Readable };
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    const { content } = (await oss.get('big')) as { content: Buffer };
    expect([content, await readFile(file), Buffer.concat(chunks)].map(md5Of)).toEqual(
      Array.from({ length: 3 }, () => md5Of(big)),
    );
  });

  test('may be empty and may have any name', async () => {
    const names = [
      'empty',
      'a b/c+d&e=f?g#h',
      "it's (fine)!*~",
      '照片/貓.jpg',
      'photos/x',
      '%41%2F',
      'trailing/',
    ];
    for (const name of names) {
      await oss.put(name, Buffer.alloc(0));
      expect((await oss.get(name)).content).toHaveLength(0);
    }
    expect(names.filter((name) => !cloud.object('photos', name))).toEqual([]);
    expect(cloud.object('photos', 'empty')?.etag).toBe('"D41D8CD98F00B204E9800998ECF8427E"');
  });

  test('carry their headers and metadata', async () => {
    const headers = { 'Cache-Control': 'no-store', 'Content-Disposition': 'attachment; filename="x"' };
    await oss.put('cat.jpg', Buffer.from('cat'), { headers, meta: { uid: 7, pid: 8 } });
    const { res, meta } = await oss.head('cat.jpg');
    expect(meta).toEqual({ uid: '7', pid: '8' });
    expect(res.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': '3',
      'cache-control': 'no-store',
      'content-disposition': 'attachment; filename="x"',
      etag: '"D077F244DEF8A70E5EA758BD8352FCD8"',
      'last-modified': expect.stringMatching(/GMT$/),
      'x-oss-request-id': cloud.requests('oss').at(-1)?.requestId,
    });
    expect(cloud.object('photos', 'cat.jpg')?.headers).toMatchObject({ 'x-oss-meta-uid': '7' });
    const subres = { 'response-content-type': 'text/plain' };
    expect((await oss.get('cat.jpg', { subres })).res.headers).toMatchObject({
      'content-type': 'text/plain',
    });
  });

  test.each([
    ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=5-99', 200, '0123456789', undefined],
    ['bytes=x', 200, '0123456789', undefined],
  ])('answer the range %s with %s', async (Range, status, text, contentRange) => {
    cloud.putObject('photos', 'digits', '0123456789');
    const answer = await oss.get('digits', { headers: { Range } });
    expect([answer.res.status, String(answer.content)]).toEqual([status, text]);
    expect((answer.res.headers as Record<string, string>)['content-range']).toBe(contentRange);
  });

  test('answer a range outside of them as the client wants it', async () => {
    cloud.putObject('photos', 'digits', '0123456789');
    const standard = { 'x-oss-range-behavior': 'standard' };
    const clipped = await oss.get('digits', { headers: { ...standard, Range: 'bytes=5-99' } });
    expect([clipped.res.status, String(clipped.content)]).toEqual([206, '56789']);
    const beyond = oss.get('digits', { headers: { ...standard, Range: 'bytes=10-' } });
    expect(await failureOf(beyond)).toMatchObject({ code: 'InvalidRange', status: 416 });
  });

  const statusOf = async (headers: object): Promise<number> => (await oss.get('cat', { headers })).res.status;

  test('heed conditions', async () => {
    const { etag } = cloud.putObject('photos', 'cat', 'meow');
    const past = new Date(Date.now() - 60_000).toUTCString();
    const future = new Date(Date.now() + 60_000).toUTCString();
    expect(await statusOf({ 'If-None-Match': etag })).toBe(304);
    expect(await statusOf({ 'If-None-Match': '"other"' })).toBe(200);
    expect(await statusOf({ 'If-Modified-Since': future })).toBe(304);
    expect(await statusOf({ 'If-Modified-Since': past })).toBe(200);
    expect(await statusOf({ 'If-Match': etag, 'If-Unmodified-Since': future })).toBe(200);
    for (const headers of [{ 'If-Match': '"other"' }, { 'If-Unmodified-Since': past }]) {
      expect(await failureOf(oss.get('cat', { headers }))).toMatchObject({
        code: 'PreconditionFailed',
        status: 412,
      });
    }
  });

  test('can be deleted, one by one and together', async () => {
    const names = ['a<&>b', '照片', 'c'];
    for (const name of names) cloud.putObject('photos', name, 'x');
    await oss.delete('never-there');
    await oss.delete('c');
    const { deleted } = (await oss.deleteMulti(['a<&>b', '照片', 'gone'])) as unknown as {
      deleted: { Key: string }[];
    };
    expect(deleted.map(({ Key }) => Key)).toEqual(['a<&>b', '照片', 'gone']);
    expect(names.filter((name) => cloud.object('photos', name))).toEqual([]);
    cloud.putObject('photos', 'quiet', 'x');
    await oss.deleteMulti(['quiet'], { quiet: true });
    expect(cloud.object('photos', 'quiet')).toBeUndefined();
  });

  test('are not there until they are put', async () => {
    expect(await failureOf(oss.get('nowhere'))).toMatchObject({
      code: 'NoSuchKey',
      status: 404,
      requestId: cloud.requests('oss')[0]?.requestId,
    });
    expect(await failureOf(oss.head('nowhere'))).toMatchObject({ code: 'NoSuchKey', status: 404 });
    expect(await failureOf(oss.get('nowhere', join(directory, 'nothing')))).toMatchObject({
      code: 'NoSuchKey',
    });
  });

  test('are refused when they are not what Content-MD5 says', async () => {
    const headers = { 'Content-MD5': md5Of(Buffer.from('other')) };
    expect(await failureOf(oss.put('damaged', Buffer.from('meow'), { headers }))).toMatchObject({
      code: 'InvalidDigest',
      status: 400,
    });
    expect(cloud.object('photos', 'damaged')).toBeUndefined();
  });

  test('are not overwritten when the client forbids it', async () => {
    const headers = { 'x-oss-forbid-overwrite': 'true' };
    await oss.put('once', Buffer.from('first'), { headers });
    const second = oss.put('once', Buffer.from('second'), { headers });
    expect(await failureOf(second)).toMatchObject({ code: 'FileAlreadyExists', status: 409 });
    expect(cloud.object('photos', 'once')?.body.toString()).toBe('first');
  });

  test('handed to a test are copies', () => {
    cloud.putObject('photos', 'mine', 'mine', { 'content-type': 'text/plain' });
    cloud.object('photos', 'mine')?.body.fill(0);
    expect(cloud.object('photos', 'mine')).toMatchObject({
      body: Buffer.from('mine'),
      headers: { 'content-type': 'text/plain' },
    });
  });

  test('of operations that are not emulated are left alone', async () => {
    cloud.putObject('photos', 'cat', 'meow');
    const raw = oss as OSS & { request(params: object): Promise<unknown> };
    const params = { method: 'PUT', bucket: 'photos', object: 'cat', subres: 'resourceGroup' };
    const error = await failureOf(raw.request({ ...params, successStatuses: [200] }));
    expect(error).toMatchObject({
      code: 'NotImplemented',
      status: 501,
      message: expect.stringContaining('resourceGroup'),
    });
    expect(cloud.object('photos', 'cat')?.body.toString()).toBe('meow');
    expect(cloud.requests('oss')[0]).not.toHaveProperty('action');
  });
});
