import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type AlibabaCloudEmulator, ServiceError } from '../../lib/testing/index.js';
import { acsClient } from './support/acs-clients.js';
import { failureOf } from './support/failure-of.js';
import { startCloud } from './support/start-cloud.js';

const name = 'acs/ram/user/ecs-operator';

describe('the OpenAPI gateway', () => {
  let cloud: AlibabaCloudEmulator;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: [name], accountId: '42' });
  });
  afterAll(() => cloud.stop());
  beforeEach(() => cloud.clearRequests());

  describe.each(['GET', 'POST'])('by %s', (method) => {
    const call = (
      key: { accessKeyId: string; accessKeySecret: string },
      action = 'DescribeRegions',
      params: object = {},
    ): Promise<Record<string, unknown>> => acsClient(cloud, key).request(action, params, { method });

    test('answers a call that is signed with a good key', async () => {
      const key = cloud.secret(name);
      expect(await call(key)).toMatchObject({ Regions: { Region: expect.any(Array) } });
      expect(cloud.requests('openapi')).toEqual([
        expect.objectContaining({
          method,
          path: '/',
          action: 'DescribeRegions',
          accessKeyId: key.accessKeyId,
          secretName: name,
          versionId: key.versionId,
          nonce: expect.any(String),
          status: 200,
        }),
      ]);
    });

    test('knows who calls', async () => {
      expect(await call(cloud.secret(name), 'GetCallerIdentity')).toMatchObject({
        AccountId: '42',
        Arn: 'acs:ram::42:user/ecs-operator',
        UserName: 'ecs-operator',
      });
    });

    test('echoes an action that it does not know, with every parameter decoded', async () => {
      const params = { Name: "a b+c&d=e/*'()!~é中", Tag: [{ Key: 'k', Value: '' }, 'x'], Empty: '' };
      expect(await call(cloud.secret(name), 'CreateThing', params)).toMatchObject({
        Action: 'CreateThing',
        Version: '2014-05-26',
        Params: { Name: params.Name, 'Tag.1.Key': 'k', 'Tag.1.Value': '', 'Tag.2': 'x', Empty: '' },
      });
    });

    test('refuses a wrong secret', async () => {
      const error = await failureOf(call({ ...cloud.secret(name), accessKeySecret: 'wrong' }));
      expect(error.code).toBe('SignatureDoesNotMatch');
      expect(cloud.requests('openapi')).toEqual([
        expect.objectContaining({ status: 400, code: 'SignatureDoesNotMatch' }),
      ]);
      expect(cloud.requests('openapi')[0]).not.toHaveProperty('tornPair');
    });

    test('refuses an unknown, a revoked and an inactive key, and accepts a restored one', async () => {
      const key = cloud.rotate(name);
      const codeOf = async (): Promise<string | undefined> => (await failureOf(call(key))).code;
      const unknown = await failureOf(call({ accessKeyId: 'LTAI5tNobody', accessKeySecret: 'x' }));
      expect(unknown.code).toBe('InvalidAccessKeyId.NotFound');
      expect(unknown.message).toContain('Specified access key is not found.');
      cloud.revoke(key.accessKeyId);
      expect(await codeOf()).toBe('InvalidAccessKeyId.NotFound');
      cloud.revoke(key.accessKeyId, { reason: 'inactive' });
      expect(await codeOf()).toBe('InvalidAccessKeyId.Inactive');
      cloud.restore(key.accessKeyId);
      expect(await call(key)).toHaveProperty('RequestId');
      expect(cloud.requests('openapi').map(({ status }) => status)).toEqual([404, 404, 403, 200]);
    });

    test('counts a pair torn between two versions, also when the id is dead', async () => {
      const [old, current] = [cloud.secret(name), cloud.rotate(name)];
      const before = cloud.tornPairs;
      const torn = { accessKeyId: current.accessKeyId, accessKeySecret: old.accessKeySecret };
      expect((await failureOf(call(torn))).code).toBe('SignatureDoesNotMatch');
      cloud.revoke(current.accessKeyId);
      expect((await failureOf(call(torn))).code).toBe('InvalidAccessKeyId.NotFound');
      expect(cloud.tornPairs - before).toBe(2);
      expect(cloud.requests('openapi').map(({ tornPair }) => tornPair)).toEqual([true, true]);
      cloud.restore(current.accessKeyId);
    });
  });

  test('answers an action as it was told to, and lets it refuse', async () => {
    const client = acsClient(cloud, cloud.secret(name));
    cloud.onAction('DescribeInstances', (params, { userName, secretName }) => {
      if (params['RegionId'] === 'nowhere') throw new ServiceError(403, 'Forbidden.RAM', 'Not there.');
      return { Seen: params, userName, secretName };
    });
    expect(await client.request('DescribeInstances', { RegionId: 'here' })).toMatchObject({
      Seen: { RegionId: 'here' },
      userName: 'ecs-operator',
      secretName: name,
    });
    const refused = await failureOf(client.request('DescribeInstances', { RegionId: 'nowhere' }));
    expect(refused.code).toBe('Forbidden.RAM');
    cloud.onAction('DescribeInstances', () => {
      throw new TypeError('bug in a test');
    });
    expect((await failureOf(client.request('DescribeInstances', {}))).message).toContain('bug in a test');
  });

  test('accepts temporary keys with their token, and tells who plays the role', async () => {
    const { accessKeyId, accessKeySecret, securityToken } = cloud.assumeRole();
    const endpoint = cloud.endpoints.openapi;
    const { default: PopCore } = await import('@alicloud/pop-core');
    const config = {
      endpoint,
      apiVersion: '2014-05-26',
      accessKeyId,
      accessKeySecret,
      securityToken,
    };
    expect(await new PopCore(config).request('GetCallerIdentity', {}, { method: 'POST' })).toMatchObject({
      IdentityType: 'AssumedRoleUser',
      Arn: 'acs:ram::42:assumed-role/kms-reader/emulator',
    });
    const stale = new PopCore({ ...config, ...cloud.secret(name) });
    expect((await failureOf(stale.request('A', {}, {}))).code).toBe(
      'InvalidSecurityToken.MismatchWithAccessKey',
    );
  });

  test('refuses a request that is sent a second time', async () => {
    const client = acsClient(cloud, cloud.secret(name));
    const params = { SignatureNonce: 'once' };
    await client.request('DescribeRegions', params);
    expect((await failureOf(client.request('DescribeRegions', params))).code).toBe('SignatureNonceUsed');
  });

  test('does not use up the nonce of a request that it refused', async () => {
    const params = { SignatureNonce: 'refused first' };
    await failureOf(acsClient(cloud, { ...cloud.secret(name), accessKeySecret: 'x' }).request('A', params));
    expect(await acsClient(cloud, cloud.secret(name)).request('A', params)).toHaveProperty('RequestId');
  });

  test.each([
    ['2020-01-01T00:00:00Z', 'InvalidTimeStamp.Expired'],
    ['yesterday', 'InvalidTimeStamp.Format'],
  ])('refuses the timestamp %s', async (Timestamp, code) => {
    const call = acsClient(cloud, cloud.secret(name)).request('DescribeRegions', { Timestamp });
    expect((await failureOf(call)).code).toBe(code);
  });

  test.each([
    ['SignatureMethod', { SignatureMethod: 'HMAC-SHA256' }, 'InvalidSignatureMethod'],
    ['Version', { Version: '' }, 'MissingParameter'],
  ])('refuses another %s', async (_, params, code) => {
    const call = acsClient(cloud, cloud.secret(name)).request('DescribeRegions', params);
    expect((await failureOf(call)).code).toBe(code);
  });

  test('refuses an anonymous call in the error format of the service', async () => {
    const { status, body } = await new Promise<{ status: number | undefined; body: string }>((resolve) => {
      httpRequest(`${cloud.endpoints.openapi}/?Action=DescribeRegions&Version=2014-05-26`, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode, body: text }));
      }).end();
    });
    expect(status).toBe(400);
    expect(JSON.parse(body)).toEqual({
      Code: 'MissingParameter',
      Message: expect.stringContaining('AccessKeyId'),
      RequestId: cloud.requests('openapi')[0]?.requestId,
      HostId: new URL(cloud.endpoints.openapi).host,
    });
  });
});
