import dns from 'node:dns';
import sls from '@alicloud/sls20201230';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { loopbackLookup } from '../support/loopback-lookup.js';
import { failureOf, type KeyPair } from './support/failure-of.js';
import { sendPlain } from './support/rpc-caller.js';
import { slsClient } from './support/sls-client.js';
import { startCloud } from './support/start-cloud.js';

describe.each(['v1', 'v4'])('Simple Log Service with signature version %s', (signatureVersion) => {
  let cloud: AlibabaCloudEmulator;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'] });
    // The SDK puts the project before the endpoint.
    jest.spyOn(dns, 'lookup').mockImplementation(loopbackLookup);
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await cloud.stop();
  });
  beforeEach(() => cloud.clearRequests());

  const client = (key: KeyPair = cloud.secret('one')) =>
    slsClient(cloud, key, { signatureVersion, regionId: 'cn-hangzhou' });

  test('takes and answers calls that are signed with a good key', async () => {
    cloud.onAction('GET /logstores', ({ logstoreName = '' }) => ({ count: 1, logstores: [logstoreName] }));
    const request = new sls.ListLogStoresRequest({ logstoreName: 'a b+é', offset: 0, size: 10 });
    const { body } = await client().listLogStores('web', request);
    expect(body).toMatchObject({ count: 1, logstores: ['a b+é'] });
    expect(cloud.requests('sls')).toEqual([
      expect.objectContaining({
        action: 'GET /logstores',
        host: expect.stringMatching(/^web\./),
        secretName: 'one',
        status: 200,
      }),
    ]);
  });

  test('takes a body', async () => {
    const request = new sls.CreateLogStoreRequest({ logstoreName: 'access', shardCount: 2, ttl: 1 });
    await client().createLogStore('web', request);
    expect(cloud.requests('sls')).toEqual([
      expect.objectContaining({ action: 'POST /logstores', status: 200, bytes: expect.any(Number) }),
    ]);
  });

  test('says that a key is dead by a message, not by its code', async () => {
    const dead = cloud.secret('one');
    cloud.emergencyRotate('one');
    const list = () => client(dead).listLogStores('web', new sls.ListLogStoresRequest({}));
    await expect(list()).rejects.toMatchObject({
      code: 'Unauthorized',
      message: expect.stringContaining(`AccessKeyId not found: ${dead.accessKeyId}`),
    });
    cloud.restore(dead.accessKeyId);
    cloud.revoke(dead.accessKeyId, { reason: 'inactive' });
    await expect(list()).rejects.toThrow('AccessKeyId is disabled');
  });

  test('refuses wrong and torn pairs', async () => {
    const before = cloud.secret('one');
    const after = cloud.rotate('one');
    const list = (key: KeyPair) => client(key).listLogStores('web', new sls.ListLogStoresRequest({}));
    const { tornPairs } = cloud;
    const wrong = await failureOf(list({ ...after, accessKeySecret: 'x' }));
    expect(wrong.code).toBe('SignatureNotMatch');
    await failureOf(list({ ...after, accessKeySecret: before.accessKeySecret }));
    expect(cloud.tornPairs).toBe(tornPairs + 1);
  });

  test.each([
    ['no signature', {}, 'MissAccessKeyId'],
    ['no version', { authorization: 'LOG x:y' }, 'MissingAPIVersion'],
    ['no date', { authorization: 'LOG x:y', 'x-log-apiversion': '0.6.0' }, 'MissingDate'],
    [
      'an unknown method',
      { authorization: 'LOG x:y', 'x-log-apiversion': '0.6.0', date: new Date().toUTCString() },
      'InvalidSignatureMethod',
    ],
    [
      'an old date',
      {
        authorization: 'LOG x:y',
        'x-log-apiversion': '0.6.0',
        'x-log-signaturemethod': 'hmac-sha1',
        date: new Date(0).toUTCString(),
      },
      'RequestTimeTooSkewed',
    ],
  ])('refuses a call with %s', async (_, headers, code) => {
    const { text } = await sendPlain(`${cloud.endpoints.sls}/logstores`, { headers });
    expect((JSON.parse(text) as { errorCode: string }).errorCode).toBe(code);
  });
});
