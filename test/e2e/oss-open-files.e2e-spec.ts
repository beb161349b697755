import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import type { ProxyOssClient } from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { partsOf, startApp, testOssClient } from '../support/app-fixture.js';
import { until } from '../support/poll.js';

const OWN_DESCRIPTORS = '/proc/self/fd';
const isClosed = (path: string) => until(() => descriptorsOf(path) === 0, 'no descriptor leads to the file');

const describeWithProc = existsSync(OWN_DESCRIPTORS) ? describe : describe.skip;

/** How many descriptors of this process lead to a file. */
function descriptorsOf(path: string): number {
  return readdirSync(OWN_DESCRIPTORS).filter((descriptor) => {
    try {
      return readlinkSync(join(OWN_DESCRIPTORS, descriptor)) === path;
    } catch {
      return false;
    }
  }).length;
}

describeWithProc('no file stays open', () => {
  let cloud: AlibabaCloudEmulator;
  /** Whoever is refused finds a newer key. */
  const akExpireHandler = {
    judgeAkExpire(error: unknown) {
      const isExpired = error instanceof Error && 'code' in error && error.code === 'InvalidAccessKeyId';
      if (isExpired) cloud.rotate('oss-secret');
      return isExpired;
    },
  };
  let app: TestingModule;
  let oss: ProxyOssClient;
  let folder: string;
  let path: string;

  beforeAll(async () => {
    cloud = await AlibabaCloudEmulator.start({ secrets: ['oss-secret'] });
    app = await startApp(cloud, {
      clients: [testOssClient(cloud, 'oss-secret', { timeout: 5000 })],
      options: { expiredKeyWaitMs: 1000, akExpireHandler },
    });
    oss = partsOf(app).oss();
    // urllib warns when an upload is refused before it has been read to its end.
    jest.spyOn(console, 'warn').mockImplementation(() => undefined);
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'oss-open-files-')));
    path = join(folder, 'big.bin');
    writeFileSync(path, randomBytes(5 * 1024 * 1024));
  });
  beforeEach(() => {
    cloud.emergencyRotate('oss-secret');
  });
  afterAll(async () => {
    await app.close();
    await cloud.stop();
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });

  it('when an upload is refused and sent again', async () => {
    await oss.put('file.bin', path);
    await expect(isClosed(path)).resolves.toBeUndefined();
  });

  it('when an upload fails', async () => {
    cloud.fail('oss', { status: 403, code: 'AccessDenied' });
    await expect(oss.put('file.bin', path)).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(isClosed(path)).resolves.toBeUndefined();
  });

  it('when a part is refused three times', async () => {
    const { uploadId } = await oss.initMultipartUpload('parts.bin');
    cloud.fail('oss', { status: 403, code: 'InvalidAccessKeyId' }, 3);
    const uploading = oss.uploadPart('parts.bin', uploadId, 1, path, 0, 4_000_000);
    await expect(uploading).rejects.toMatchObject({ code: 'InvalidAccessKeyId' });
    await expect(isClosed(path)).resolves.toBeUndefined();
  });

  it('when a part fails', async () => {
    const { uploadId } = await oss.initMultipartUpload('parts.bin');
    cloud.fail('oss', { status: 403, code: 'AccessDenied' });
    const uploading = oss.uploadPart('parts.bin', uploadId, 1, path, 0, 4_000_000);
    await expect(uploading).rejects.toMatchObject({ code: 'AccessDenied' });
    await expect(isClosed(path)).resolves.toBeUndefined();
  });

  it('when a multipart upload is refused in its middle', async () => {
    await oss.multipartUpload('parts.bin', path, {
      partSize: 1_000_000,
      parallel: 2,
      progress: () => {
        cloud.emergencyRotate('oss-secret');
      },
    });
    await expect(isClosed(path)).resolves.toBeUndefined();
  });

  it('when a download is refused and sent again', async () => {
    cloud.putObject('photos', 'kept.txt', Buffer.from('kept'));
    const target = join(folder, 'read.txt');
    await oss.get('kept.txt', target);
    await expect(isClosed(target)).resolves.toBeUndefined();
  });
});
