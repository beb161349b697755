import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Stream, Writable } from 'node:stream';

import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import type { OssClientOptions } from '../../../lib/clients/oss/proxy-oss-client.js';
import {
  acceptOnly,
  DENIED,
  OSS_ANSWER,
  OSS_REFUSAL,
  startOssClient,
  statusOf,
} from '../../support/oss-fixture.js';
import { until } from '../../support/poll.js';
import { ScriptedService } from '../../support/scripted-service.js';

let service: ScriptedService;
let folder: string;
let path: string;

beforeAll(async () => {
  service = await ScriptedService.start();
  folder = mkdtempSync(join(tmpdir(), 'oss-uploads-'));
  path = join(folder, 'ten.bin');
  writeFileSync(path, '0123456789');
  // urllib warns when a stream is ended before its time.
  jest.spyOn(console, 'warn').mockImplementation(() => undefined);
});
beforeEach(() => {
  service.reset();
  service.answer = () => OSS_ANSWER;
});
afterAll(() => {
  jest.restoreAllMocks();
  service.stop();
  rmSync(folder, { recursive: true });
});

/** A client whose first key has just died. */
const startExpired = async (options: OssClientOptions = {}) => {
  const started = await startOssClient(service, options);
  await started.secret.get();
  started.kms.version = 2;
  service.answer = acceptOnly(2);
  return started;
};
const bodies = () => service.requests.map(({ body }) => body.toString());
const chunks = () => Readable.from([Buffer.from('01234'), Buffer.from('56789')]);

describe('an upload that meets a dead key', () => {
  it.each<[string, () => Buffer | string | Readable]>([
    ['a Buffer', () => Buffer.from('0123456789')],
    ['a file given by path', () => path],
    ['a stream', chunks],
  ])('of %s is sent again whole', async (_what, content) => {
    const { oss } = await startExpired();
    await expect(oss.put('ten.txt', content())).resolves.toMatchObject({ name: 'ten.txt' });
    expect(bodies()).toEqual(['0123456789', '0123456789']);
    expect(service.versions).toEqual([1, 2]);
    oss.close();
  });

  it.each<[string, content: () => Buffer | string | Readable, hasLength: boolean]>([
    ['a file given by path', () => path, true],
    ['a stream', chunks, false],
  ])('of %s sends the headers of its options again, too', async (_what, content, hasLength) => {
    const { oss } = await startExpired();
    const options = { mime: 'text/x-ten', headers: { 'x-oss-meta-once': 'yes' } };
    await oss.put('ten.txt', content(), options);
    const sent = {
      'content-type': 'text/x-ten',
      'x-oss-meta-once': 'yes',
      ...(hasLength ? { 'content-length': '10' } : {}),
    };
    expect(service.requests.map(({ headers }) => headers)).toMatchObject([sent, sent]);
    expect(Object.keys(options)).toEqual(['mime', 'headers']);
    oss.close();
  });

  it.each([
    ['as much as was read of it is kept', { replayBufferBytes: 10 }, 200, [1, 2]],
    ['less than was read of it is kept', { replayBufferBytes: 9 }, 403, [1]],
    ['nothing is kept', { replayBufferBytes: 0 }, 403, [1]],
  ])('of a stream is sent again only if it can be: %s', async (_what, options, status, versions) => {
    const { oss } = await startExpired(options);
    await expect(statusOf(oss.putStream('ten.txt', chunks()))).resolves.toBe(status);
    expect(service.versions).toEqual(versions);
    await oss.putStream('ten.txt', chunks());
    expect(service.versions).toEqual([...versions, 2]);
    expect(bodies().at(-1)).toBe('0123456789');
    oss.close();
  });

  it('of a stream as old packages make them is handed to the SDK as it is', async () => {
    const { oss } = await startOssClient(service);
    const old = Object.assign(new Stream(), { readable: true });
    const upload = oss.putStream('ten.txt', old);
    old.emit('data', Buffer.from('0123456789'));
    old.emit('end');
    await expect(upload).resolves.toBeDefined();
    expect(bodies()).toEqual(['0123456789']);
    oss.close();
  });

  it('sends a file three times at most', async () => {
    const { kms, oss } = await startExpired();
    service.answer = ({ version = 0 }) => {
      kms.version = version + 1;
      return OSS_REFUSAL;
    };
    await expect(oss.put('ten.txt', path)).rejects.toMatchObject({ code: 'InvalidAccessKeyId' });
    expect(service.versions).toEqual([1, 2, 3]);
    oss.close();
  });

  it('is not sent again for another reason, and a file that is missing is an error of its own', async () => {
    const { oss } = await startExpired();
    service.answer = () => DENIED;
    await expect(oss.put('ten.txt', path)).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(oss.put('ten.txt', join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(oss.put('ten.txt', 1)).rejects.toThrow('Must provide String/Buffer/ReadableStream');
    expect(service.requests).toHaveLength(1);
    oss.close();
  });
});

describe('a part of an upload that meets a dead key', () => {
  it.each([
    ['a file given by path', () => path],
    ['a Buffer', () => Buffer.from('0123456789')],
  ])('of %s is sent again whole', async (_what, content) => {
    const { oss } = await startExpired();
    await expect(oss.uploadPart('parts', 'upload', 1, content(), 2, 6)).resolves.toMatchObject({
      etag: '"1"',
    });
    expect(bodies()).toEqual(['2345', '2345']);
    oss.close();
  });

  it('of a stream is not sent again: the error is that of the SDK, and the next part has the new key', async () => {
    const { oss } = await startExpired();
    const send = () => oss.uploadPart('parts', 'upload', 1, chunks(), 0, 10);
    await expect(send()).rejects.toMatchObject({ name: 'InvalidAccessKeyIdError', status: 403 });
    await expect(send()).resolves.toMatchObject({ etag: '"1"' });
    expect(service.versions).toEqual([1, 2]);
    oss.close();
  });

  it('can be canceled while it is sent again, and leaves nothing behind', async () => {
    const { oss } = await startExpired();
    service.answer = ({ method }) => {
      if (method === 'POST') return { body: '<Init><UploadId>upload</UploadId></Init>' };
      // The second sending of the part stays unread, so that its stream stays open.
      service.isStalled = true;
      return OSS_REFUSAL;
    };
    const big = join(folder, 'big.bin');
    writeFileSync(big, Buffer.alloc(16_000_000));
    const upload = oss.multipartUpload('parts', big, { partSize: 8_000_000, parallel: 1 });
    const ended = upload.catch((error: unknown) => error);
    await until(() => service.stalled === 1, 'the second sending of the part');
    const streams = [...(oss.multipartUploadStreams ?? [])];
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([false]);
    oss.cancel();
    expect(await ended).toMatchObject({ name: 'cancel' });
    expect(streams.map(({ destroyed }) => destroyed)).toEqual([true]);
    expect(service.stalled).toBe(1);
    oss.close();
  });

  it('is on the list of streams only while it is sent', async () => {
    const { oss } = await startExpired();
    service.answer = (request) =>
      request.method === 'POST'
        ? { body: '<Init><UploadId>upload</UploadId></Init>' }
        : acceptOnly(2)(request);
    await oss.multipartUpload('parts', Buffer.alloc(250_000), { partSize: 102_400 });
    expect(service.versions.filter((version) => version === 2)).toHaveLength(4);
    expect(oss.multipartUploadStreams).toEqual([]);
    oss.close();
  });
});

describe('a download that meets a dead key', () => {
  it('to a file given by path is begun anew', async () => {
    const { oss } = await startExpired();
    const target = join(folder, 'target.txt');
    await expect(oss.get('kept.txt', target)).resolves.toBeDefined();
    expect(readFileSync(target, 'utf8')).toBe('kept');
    expect(service.versions).toEqual([1, 2]);
    oss.close();
  });

  it('to a stream that was handed in is not, yet the next call has the new key', async () => {
    const { oss } = await startExpired();
    const sink = () => new Writable({ write: (_chunk, _encoding, done) => done() });
    await expect(oss.get('kept.txt', sink())).rejects.toMatchObject({ status: 403 });
    await expect(oss.get('kept.txt', sink())).resolves.toBeDefined();
    expect(service.versions).toEqual([1, 2]);
    oss.close();
  });

  it('keeps its options, wherever they stand', async () => {
    const { oss } = await startExpired();
    const process = 'image/resize,w_10';
    await oss.get('kept.txt', { process });
    await oss.get('kept.txt', join(folder, 'resized.txt'), { process });
    const asked = service.requests.map(({ url }) =>
      new URL(url, service.url).searchParams.get('x-oss-process'),
    );
    expect(asked).toEqual([process, process, process]);
    oss.close();
  });
});
