import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator, RecordedRequest } from '../../lib/testing/index.js';
import { acsClient } from './support/acs-clients.js';
import { failureOf } from './support/failure-of.js';
import { ossClient } from './support/oss-client.js';
import { startCloud } from './support/start-cloud.js';

describe('what a test can do to the cloud', () => {
  let cloud: AlibabaCloudEmulator;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'] });
  });
  afterAll(() => cloud.stop());
  afterEach(() => cloud.clearRequests());

  test('rotate a key between the signing of a call and its arrival', async () => {
    const key = cloud.secret('one');
    const seen: RecordedRequest[] = [];
    const stop = cloud.onRequest('openapi', (request) => {
      seen.push(request);
      cloud.emergencyRotate('one');
    });
    const failure = await failureOf(acsClient(cloud, key).request('CreateThing', {}, { method: 'POST' }));
    expect(failure.code).toBe('InvalidAccessKeyId.NotFound');
    expect(seen).toEqual([
      expect.objectContaining({ target: 'openapi', method: 'POST', path: '/', bytes: 0 }),
    ]);
    stop();
    await acsClient(cloud, cloud.secret('one')).request('CreateThing', {}, { method: 'POST' });
    expect(seen).toHaveLength(1);
  });

  test('look at everything that a bucket holds', async () => {
    expect(cloud.bucket('unused')).toBeUndefined();
    const oss = ossClient(cloud, cloud.secret('one'), { bucket: 'looked-at' });
    await oss.putBucketACL('looked-at', 'public-read');
    await oss.putBucketLogging('looked-at', 'logs/');
    await oss.put('cat', Buffer.from('meow'));
    const { uploadId } = await oss.initMultipartUpload('big');
    const part = Buffer.alloc(100 * 1024, 'x');
    await oss.uploadPart('big', uploadId, 2, part, 0, part.length);
    expect(cloud.bucket('looked-at')).toEqual({
      acl: 'public-read',
      storageClass: 'Standard',
      versioning: '',
      settings: { logging: expect.stringContaining('logs/') },
      channels: {},
      objects: [expect.objectContaining({ name: 'cat', body: Buffer.from('meow') })],
      uploads: [{ object: 'big', uploadId, parts: [{ number: 2, body: part }] }],
    });
    cloud.deleteBucket('looked-at');
    expect(cloud.bucket('looked-at')).toBeUndefined();
    expect((await failureOf(oss.abortMultipartUpload('big', uploadId))).code).toBe('NoSuchUpload');
  });

  test('get compressed answers, when the client wants them', async () => {
    const { accessKeyId } = cloud.secret('one');
    const answer = async (headers: Record<string, string>) => {
      const response = await fetch(`${cloud.endpoints.openapi}/?AccessKeyId=${accessKeyId}`, { headers });
      return [response.headers.get('content-encoding'), ((await response.json()) as { Code: string }).Code];
    };
    expect(await answer({ 'accept-encoding': 'gzip,deflate' })).toEqual(['gzip', 'MissingParameter']);
    expect(await answer({ 'accept-encoding': 'identity' })).toEqual([null, 'MissingParameter']);
    const acs = acsClient(cloud, cloud.secret('one'));
    const options = { method: 'POST', compression: true };
    await expect(acs.request('CreateThing', {}, options)).resolves.toMatchObject({ Action: 'CreateThing' });
  });
});
