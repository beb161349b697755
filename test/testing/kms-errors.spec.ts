import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type AlibabaCloudEmulator, EmulatorError } from '../../lib/testing/index.js';
import { kmsClient } from './support/acs-clients.js';
import { fieldsOf, getSecretValueRequest, sendRaw, type RawAnswer } from './support/dkms-caller.js';
import { failureOf } from './support/failure-of.js';
import { commonParams, sendRpc, signedWithSecret } from './support/rpc-caller.js';
import { startCloud } from './support/start-cloud.js';

type Cloud = Pick<AlibabaCloudEmulator, 'endpoints' | 'certificates' | 'kmsIdentity'>;

const askShared = (cloud: Cloud): ReturnType<typeof sendRpc> => {
  const { accessKeyId: AccessKeyId, accessKeySecret } = cloud.kmsIdentity;
  const params = commonParams({
    Action: 'GetSecretValue',
    Version: '2016-01-20',
    AccessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SecretName: 'one',
  });
  return sendRpc(cloud.endpoints.kms, cloud.certificates.ca, signedWithSecret(params, accessKeySecret));
};
const askDedicated = (cloud: AlibabaCloudEmulator): Promise<RawAnswer> =>
  sendRaw(cloud, getSecretValueRequest(cloud, { secretName: 'one' }));

describe('the errors of KMS', () => {
  let cloud: AlibabaCloudEmulator;
  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'] });
  });
  afterAll(() => cloud.stop());
  afterEach(() => cloud.clearFaults());

  test.each([
    ['Rejected.Throttling', 429, 'QPS Limit Exceeded'],
    ['ServiceUnavailableTemporary', 503, 'Service Unavailable Temporary'],
    ['InternalFailure', 500, 'Internal Failure'],
    ['Forbidden.NoPermission', 403, 'This operation is forbidden by permission system.'],
    ['Forbidden.KeyNotFound', 404, 'The specified Key is not found.'],
    ['Forbidden.ResourceNotFound', 404, 'Resource not found.'],
    ['Rejected.Disabled', 409, 'The request was rejected because the key state is Disabled.'],
    ['InvalidAccessKeyId.NotFound', 404, 'The Access Key ID provided does not exist in our records.'],
  ])('can be had by their code: %s', async (code, status, message) => {
    cloud.fail('kms', { code });
    expect(await askShared(cloud)).toEqual({
      status,
      body: {
        HttpStatus: status,
        Code: code,
        Message: message,
        RequestId: cloud.requests('kms').at(-1)?.requestId,
        HostId: new URL(cloud.endpoints.kms).host,
      },
    });
    cloud.fail('dedicatedKms', { code, message: 'Because.' });
    const answer = await askDedicated(cloud);
    const fields = fieldsOf(answer.body);
    expect([answer.status, fields.get(1), fields.get(2), fields.get(3)]).toEqual([
      status,
      [String(status)],
      [code],
      ['Because.'],
    ]);
  });

  test('need a status when the code is not a known one', async () => {
    expect(() => cloud.fail('kms', { code: 'Odd' })).toThrow(EmulatorError);
    expect(() => cloud.fail('kms', { code: 'Odd' })).toThrow(/give { status, code }. Known codes: Inv/);
    cloud.fail('kms', { status: 418, code: 'Odd' });
    expect(await askShared(cloud)).toMatchObject({ status: 418, body: { Code: 'Odd' } });
    cloud.fail('openapi', { code: 'Throttling.User' });
    cloud.fail('oss', { code: 'QpsLimitExceeded' });
  });
});

describe('a KMS server with a quota', () => {
  let cloud: AlibabaCloudEmulator;
  let at = Date.now();
  beforeAll(async () => {
    cloud = await startCloud({
      secrets: ['one'],
      throttle: { requestsPerSecond: 3 },
      regions: [{ regionId: 'cn-shanghai', throttle: { requestsPerSecond: 5 } }],
      now: () => at,
    });
  });
  afterAll(() => cloud.stop());

  const statuses = async (times: number, endpoints = cloud.endpoints): Promise<number[]> => {
    const { certificates, kmsIdentity } = cloud;
    const answers: number[] = [];
    for (let call = 0; call < times; call += 1) {
      answers.push((await askShared({ endpoints, certificates, kmsIdentity })).status);
    }
    return answers;
  };

  test('refuses what is above it within any second, each server by itself', async () => {
    expect(await statuses(5)).toEqual([200, 200, 200, 429, 429]);
    expect(
      (await failureOf(kmsClient(cloud, cloud.kmsIdentity).request('GetSecretValue', { SecretName: 'one' })))
        .code,
    ).toBe('Rejected.Throttling');
    at += 999;
    expect(await statuses(1)).toEqual([429]);
    at += 1;
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
    for (const expected of [200, 200, 200, 429]) expect((await askDedicated(cloud)).status).toBe(expected);
    const far = { ...cloud.endpoints, ...cloud.regions[1]?.endpoints };
    expect(await statuses(6, far)).toEqual([200, 200, 200, 200, 200, 429]);
  });

  test('does not count the calls that it refuses', async () => {
    at += 2000;
    const wrong = { ...cloud.kmsIdentity, accessKeySecret: 'x' };
    const { endpoints, certificates } = cloud;
    for (let call = 0; call < 5; call += 1) {
      expect((await askShared({ endpoints, certificates, kmsIdentity: wrong })).body['Code']).toBe(
        'SignatureDoesNotMatch',
      );
    }
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
  });

  test('needs a whole number', async () => {
    for (const requestsPerSecond of [0, -1, 1.5, Number.NaN]) {
      await expect(startCloud({ throttle: { requestsPerSecond } })).rejects.toThrow(/throttle/);
    }
  });
});
