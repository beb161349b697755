import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';

import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { getOssClientToken, ossClient, type ProxyOssClient } from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { partsOf, startApp, testOssClient } from '../support/app-fixture.js';

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
const FIVE_MEGABYTES = randomBytes(5 * 1024 * 1024);

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe.each([
  ['V1', { authorizationV4: false }, {}],
  ['V4', { authorizationV4: true, region: 'cn-hangzhou' }, {}],
  ['V1, from a gateway that hides the code of a refused HEAD', {}, { headErrorHeader: false }],
])('OSS calls during which the key dies, signed by %s', (_version, clientOptions, ossOptions) => {
  let cloud: AlibabaCloudEmulator;
  let app: TestingModule;
  let oss: ProxyOssClient;
  let urls: ProxyOssClient;
  let unbuffered: ProxyOssClient;
  let folder: string;

  beforeAll(async () => {
    cloud = await AlibabaCloudEmulator.start({ secrets: ['oss-secret'], oss: ossOptions });
    app = await startApp(cloud, {
      clients: [
        testOssClient(cloud, 'oss-secret', { ...clientOptions, timeout: 5000 }),
        // ali-oss makes no URLs for an endpoint that is an address.
        ossClient('oss-secret', { name: 'urls', region: 'oss-cn-hangzhou', bucket: 'photos' }),
        testOssClient(cloud, 'oss-secret', { ...clientOptions, replayBufferBytes: 0 }, 'unbuffered'),
      ],
      options: { expiredKeyWaitMs: 1000 },
    });
    oss = partsOf(app).oss();
    unbuffered = app.get(getOssClientToken('oss-secret', 'unbuffered'));
    urls = app.get(getOssClientToken('oss-secret', 'urls'));
    // urllib warns when an upload is refused before it has been read to its end.
    jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    folder = mkdtempSync(join(tmpdir(), 'oss-replay-'));
    writeFileSync(join(folder, 'big.bin'), FIVE_MEGABYTES);
  });
  beforeEach(() => {
    cloud.putObject('photos', 'kept.txt', Buffer.from('kept'));
    cloud.emergencyRotate('oss-secret');
    cloud.clearRequests();
  });
  afterAll(async () => {
    await app.close();
    await cloud.stop();
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  it('a Buffer is stored whole', async () => {
    await oss.put('buffer.bin', FIVE_MEGABYTES);
    expect(cloud.object('photos', 'buffer.bin')?.md5).toBe(md5(FIVE_MEGABYTES));
  });

  it('a file given by path is stored whole', async () => {
    const result = await oss.put('file.bin', join(folder, 'big.bin'));
    expect(result.name).toBe('file.bin');
    expect(cloud.object('photos', 'file.bin')?.md5).toBe(md5(FIVE_MEGABYTES));
  });

  it('a stream of which no more was read than is kept is stored whole', async () => {
    const half = FIVE_MEGABYTES.subarray(0, 500_000);
    await oss.putStream('kept-stream.bin', Readable.from([half, half]));
    expect(cloud.object('photos', 'kept-stream.bin')?.md5).toBe(md5(Buffer.concat([half, half])));
    cloud.emergencyRotate('oss-secret');
    await oss.put('kept-stream.bin', Readable.from(['text in ', 'pieces']));
    expect(String(cloud.object('photos', 'kept-stream.bin')?.body)).toBe('text in pieces');
  });

  it('a consumed stream is not sent again: the error is that of the SDK, and no empty object appears', async () => {
    const stream = Readable.from([FIVE_MEGABYTES.subarray(0, 2_000_000), FIVE_MEGABYTES.subarray(2_000_000)]);
    await expect(oss.putStream('stream.bin', stream)).rejects.toMatchObject({
      name: 'InvalidAccessKeyIdError',
      code: 'InvalidAccessKeyId',
      status: 403,
    });
    expect(cloud.object('photos', 'stream.bin')).toBeUndefined();
    expect(cloud.requests('oss')).toHaveLength(1);
  });

  it('the call after it uses the new key', async () => {
    const tooMuch = FIVE_MEGABYTES.subarray(0, 2_000_000);
    await oss.put('stream.bin', Readable.from([tooMuch])).catch(() => undefined);
    cloud.clearRequests();
    await oss.put('stream.bin', Readable.from([tooMuch]));
    expect(cloud.object('photos', 'stream.bin')?.md5).toBe(md5(tooMuch));
    expect(cloud.requests('oss')).toHaveLength(1);
  });

  it('no stream is sent again when nothing is to be kept', async () => {
    await expect(unbuffered.put('unkept.bin', Readable.from(['a little']))).rejects.toMatchObject({
      status: 403,
    });
    expect(cloud.object('photos', 'unkept.bin')).toBeUndefined();
    await expect(unbuffered.put('unkept.bin', Readable.from(['a little']))).resolves.toBeDefined();
  });

  it('a multipart upload from a file and from a Buffer is stored whole', async () => {
    for (const source of [join(folder, 'big.bin'), FIVE_MEGABYTES]) {
      cloud.emergencyRotate('oss-secret');
      let parts = 0;
      await oss.multipartUpload('multipart.bin', source, {
        partSize: 500_000,
        parallel: 3,
        progress: () => {
          parts += 1;
          if (parts === 4) cloud.emergencyRotate('oss-secret');
        },
      });
      expect(cloud.object('photos', 'multipart.bin')?.md5).toBe(md5(FIVE_MEGABYTES));
    }
  });

  it('an object is read into a Buffer', async () => {
    await expect(oss.get('kept.txt')).resolves.toMatchObject({ content: Buffer.from('kept') });
  });

  it('an object is read into a file given by path', async () => {
    const path = join(folder, 'read.txt');
    await oss.get('kept.txt', path);
    expect(readFileSync(path, 'utf8')).toBe('kept');
  });

  it('an object is read as a stream', async () => {
    const { stream } = (await oss.getStream('kept.txt')) as { stream: Readable };
    expect(String(await bytesOf(stream))).toBe('kept');
  });

  it('a stream handed in to write to is not written twice', async () => {
    const written: Buffer[] = [];
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.push(chunk);
        done();
      },
    });
    await expect(oss.get('kept.txt', sink)).rejects.toMatchObject({ status: 403 });
    expect(String(Buffer.concat(written))).not.toContain('kept');
    const next = new PassThrough();
    await oss.get('kept.txt', next);
    expect(String(await bytesOf(next))).toBe('kept');
  });

  it('head, list and delete succeed', async () => {
    await expect(oss.head('kept.txt')).resolves.toMatchObject({ status: 200 });
    cloud.emergencyRotate('oss-secret');
    const { objects } = await oss.list({ prefix: 'kept.', 'max-keys': 10 }, {});
    expect(objects.map(({ name }) => name)).toEqual(['kept.txt']);
    cloud.emergencyRotate('oss-secret');
    await oss.delete('kept.txt');
    expect(cloud.object('photos', 'kept.txt')).toBeUndefined();
  });

  it('an operation that ali-oss resolves although it was refused succeeds too', async () => {
    await expect(oss.listBuckets({})).resolves.toBeDefined();
  });

  it('an URL is signed with the current key', async () => {
    await oss.head('kept.txt');
    const url = new URL(urls.signatureUrl('kept.txt'));
    expect(url.searchParams.get('OSSAccessKeyId')).toBe(cloud.secret('oss-secret').accessKeyId);
  });
});

describe('a HEAD that is refused for another reason', () => {
  it('costs one KMS call, is not sent again, and does not hold the key to be dead', async () => {
    const cloud = await AlibabaCloudEmulator.start({
      secrets: ['oss-secret'],
      oss: { headErrorHeader: false },
    });
    const app = await startApp(cloud, { clients: [testOssClient(cloud)] });
    const { oss, service } = partsOf(app);
    cloud.clearRequests();
    cloud.fail('oss', { status: 403, code: 'AccessDenied' });
    const startedAt = performance.now();
    await expect(oss().head('kept.txt')).rejects.toMatchObject({ status: 403 });
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(cloud.requests('oss')).toHaveLength(1);
    expect(cloud.requests('dedicatedKms')).toHaveLength(1);
    expect(service.status()[0]?.state).toBe('fresh');
    await app.close();
    await cloud.stop();
  });
});
