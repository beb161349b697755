import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type OSS from 'ali-oss';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { failureOf } from './support/failure-of.js';
import { ossClient } from './support/oss-client.js';
import { startCloud } from './support/start-cloud.js';

const PART = 100 * 1024;
const md5Of = (body: Buffer): string => createHash('md5').update(body).digest('hex');

/** What the SDK's typings leave out or get wrong. */
interface MoreOss {
  initMultipartUpload(name: string, options?: object): Promise<{ uploadId: string }>;
  uploadPart(
    name: string,
    id: string,
    part: number,
    file: Buffer,
    start: number,
    end: number,
  ): Promise<{ etag: string }>;
  completeMultipartUpload(name: string, id: string, parts: object[]): Promise<{ etag: string }>;
  listParts(
    name: string,
    id: string,
    query?: object,
  ): Promise<{ parts: object | object[]; isTruncated: string }>;
  listUploads(query: object): Promise<{ uploads: { name: string; uploadId: string }[] }>;
  append(name: string, file: Buffer, options?: object): Promise<{ nextAppendPosition: string }>;
}

describe.each([
  ['V1', false],
  ['V4', true],
])('uploads in several calls, signed with %s', (_, authorizationV4) => {
  let cloud: AlibabaCloudEmulator;
  let oss: OSS & MoreOss;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'] });
    oss = ossClient(cloud, cloud.secret('one'), { authorizationV4 }) as unknown as OSS & MoreOss;
  });
  afterAll(() => cloud.stop());
  beforeEach(() => cloud.clearRequests());

  test('of parts give the whole object', async () => {
    const body = randomBytes(PART * 3 + 1234);
    const headers = { 'Content-Disposition': 'inline' };
    const { etag } = (await oss.multipartUpload('big', body, {
      partSize: PART,
      parallel: 3,
      mime: 'image/png',
      headers,
      meta: { uid: 1, pid: 2 },
    })) as unknown as { etag: string };
    const object = cloud.object('photos', 'big');
    expect(object?.body.equals(body)).toBe(true);
    expect(object).toMatchObject({ type: 'Multipart', etag, md5: md5Of(body) });
    expect(object?.headers).toMatchObject({ 'content-type': 'image/png', 'x-oss-meta-uid': '1' });
    expect(etag).toMatch(/^"[0-9A-F]{32}-4"$/);
    const requests = cloud.requests('oss');
    expect(requests.map(({ action }) => String(action)).toSorted()).toEqual([
      'CompleteMultipartUpload',
      'InitiateMultipartUpload',
      ...Array.from({ length: 4 }, () => 'UploadPart'),
    ]);
    const parts = requests.filter(({ action }) => action === 'UploadPart');
    expect(new Set(parts.map(({ md5 }) => md5))).toEqual(
      new Set([0, 1, 2, 3].map((part) => md5Of(body.subarray(part * PART, (part + 1) * PART)))),
    );
  });

  test('of parts can be looked at and thrown away', async () => {
    const { uploadId } = await oss.initMultipartUpload('draft');
    const body = randomBytes(PART * 2);
    await oss.uploadPart('draft', uploadId, 2, body, PART, 2 * PART);
    const first = await oss.uploadPart('draft', uploadId, 1, body, 0, PART);
    expect((await oss.listParts('draft', uploadId, {})).parts).toEqual([
      expect.objectContaining({ PartNumber: '1', ETag: first.etag, Size: String(PART) }),
      expect.objectContaining({ PartNumber: '2' }),
    ]);
    const page = await oss.listParts('draft', uploadId, { 'max-parts': 1, 'part-number-marker': 1 });
    expect(page.parts).toMatchObject({ PartNumber: '2' });
    expect((await oss.listUploads({ prefix: 'dr' })).uploads).toEqual([
      expect.objectContaining({ name: 'draft', uploadId }),
    ]);
    await oss.abortMultipartUpload('draft', uploadId);
    expect((await oss.listUploads({})).uploads).toEqual([]);
    const late = oss.uploadPart('draft', uploadId, 3, body, 0, PART);
    expect(await failureOf(late)).toMatchObject({ code: 'NoSuchUpload', status: 404 });
    expect(cloud.object('photos', 'draft')).toBeUndefined();
  });

  test('of parts are refused when the parts do not fit', async () => {
    const { uploadId } = await oss.initMultipartUpload('odd');
    const body = randomBytes(PART);
    const one = await oss.uploadPart('odd', uploadId, 1, body, 0, 10);
    const two = await oss.uploadPart('odd', uploadId, 2, body, 0, PART);
    const codeOf = async (parts: object[]): Promise<unknown> =>
      (await failureOf(oss.completeMultipartUpload('odd', uploadId, parts))).code;
    expect(await codeOf([{ number: 1, etag: '"other"' }])).toBe('InvalidPart');
    expect(await codeOf([{ number: 3, etag: two.etag }])).toBe('InvalidPart');
    expect(await codeOf([])).toBe('MalformedXML');
    expect(
      await codeOf([
        { number: 1, etag: one.etag },
        { number: 2, etag: two.etag },
      ]),
    ).toBe('EntityTooSmall');
    expect((await failureOf(oss.uploadPart('odd', uploadId, 0, body, 0, 1))).code).toBe('InvalidArgument');
    await oss.completeMultipartUpload('odd', uploadId, [{ number: 2, etag: two.etag }]);
    expect(cloud.object('photos', 'odd')?.body.equals(body)).toBe(true);
  });

  test('by copying take metadata along or replace it', async () => {
    cloud.putObject('photos', 'source/é &', 'meow', { 'content-type': 'text/cat', 'x-oss-meta-a': '1' });
    await oss.copy('copied', 'source/é &');
    expect(cloud.object('photos', 'copied')).toMatchObject({
      body: Buffer.from('meow'),
      headers: { 'content-type': 'text/cat', 'x-oss-meta-a': '1' },
    });
    await oss.putMeta('copied', { uid: 2, pid: 3 }, {});
    expect(cloud.object('photos', 'copied')?.headers).toMatchObject({ 'x-oss-meta-uid': '2' });
    expect(cloud.object('photos', 'copied')?.headers).not.toHaveProperty('x-oss-meta-a');
    expect(await failureOf(oss.copy('x', 'nowhere'))).toMatchObject({ code: 'NoSuchKey' });
    expect(cloud.requests('oss').map(({ action }) => action)).toEqual([
      'CopyObject',
      'CopyObject',
      'CopyObject',
    ]);
  });

  test('by copying parts give the whole object', async () => {
    const body = randomBytes(PART * 2 + 5);
    cloud.putObject('other', 'source', body);
    const source = { sourceKey: 'source', sourceBucketName: 'other' };
    await oss.multipartUploadCopy('assembled', source as never, { partSize: PART });
    expect(cloud.object('photos', 'assembled')?.body.equals(body)).toBe(true);
    expect(cloud.requests('oss').filter(({ action }) => action === 'UploadPartCopy')).toHaveLength(3);
  });

  test('by appending grow an object', async () => {
    const first = await oss.append('log', Buffer.from('one,'));
    await oss.append('log', Buffer.from('two'), { position: first.nextAppendPosition });
    expect(cloud.object('photos', 'log')).toMatchObject({ body: Buffer.from('one,two'), type: 'Appendable' });
    const wrong = await failureOf(oss.append('log', Buffer.from('x'), { position: 1 }));
    expect(wrong).toMatchObject({ code: 'PositionNotEqualToLength', status: 409 });
    cloud.putObject('photos', 'fixed', 'x');
    expect(await failureOf(oss.append('fixed', Buffer.from('x')))).toMatchObject({
      code: 'ObjectNotAppendable',
    });
  });
});
