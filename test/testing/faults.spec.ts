import sls from '@alicloud/sls20201230';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator, EmulatorTarget } from '../../lib/testing/index.js';
import { fieldsOf, getSecretValueRequest, sendRaw, type RawAnswer } from './support/dkms-caller.js';
import { acsClient, kmsClient } from './support/acs-clients.js';
import { failureOf, type SdkError } from './support/failure-of.js';
import { ossClient } from './support/oss-client.js';
import { sendPlain } from './support/rpc-caller.js';
import { slsClient } from './support/sls-client.js';
import { startCloud } from './support/start-cloud.js';

describe('faults', () => {
  let cloud: AlibabaCloudEmulator;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one', 'two'] });
    cloud.putObject('photos', 'cat', 'meow'.repeat(1000));
  });
  afterAll(() => cloud.stop());
  afterEach(() => {
    cloud.clearFaults();
    cloud.clearRequests();
  });

  const callDedicatedKms = (secretName = 'one'): Promise<RawAnswer> =>
    sendRaw(cloud, getSecretValueRequest(cloud, { secretName }));
  const callOpenApi = (action = 'DescribeRegions', timeout = 5000): Promise<unknown> =>
    acsClient(cloud, cloud.secret('one')).request(action, {}, { method: 'POST', timeout });
  const callOss = (): Promise<unknown> => ossClient(cloud, cloud.secret('one'), { timeout: 5000 }).get('cat');
  const signIn = (): Record<string, string> => ({
    Action: 'AssumeRoleWithOIDC',
    Version: '2015-04-01',
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
    RoleSessionName: 'app',
    RoleArn: cloud.oidc.roleArn,
    OIDCProviderArn: cloud.oidc.providerArn,
    OIDCToken: cloud.oidc.token,
  });
  const askHttp = (url: string): Promise<unknown> => sendPlain(url, { ca: cloud.certificates.ca });
  const calls: Readonly<Record<EmulatorTarget, () => Promise<unknown>>> = {
    dedicatedKms: callDedicatedKms,
    kms: () => kmsClient(cloud, cloud.kmsIdentity).request('GetSecretValue', { SecretName: 'one' }),
    openapi: () => callOpenApi(),
    oss: callOss,
    sts: () => askHttp(`${cloud.endpoints.sts}/?${new URLSearchParams(signIn()).toString()}`),
    metadata: () => askHttp(`${cloud.endpoints.metadata}/latest/meta-data/ram/security-credentials/`),
    sls: () => slsClient(cloud, cloud.secret('one')).listProject(new sls.ListProjectRequest({})),
  };
  const targets = Object.keys(calls) as EmulatorTarget[];

  const fault = { status: 503, code: 'Busy', message: 'Try <later>.', headers: { 'retry-after': '1' } };

  test('a status is rendered as protobuf by dedicatedKms', async () => {
    cloud.fail('dedicatedKms', fault);
    const { status, body } = await callDedicatedKms();
    const requestId = cloud.requests()[0]?.requestId;
    const error = { 1: ['503'], 2: ['Busy'], 3: ['Try <later>.'], 4: [requestId] };
    expect([status, Object.fromEntries(fieldsOf(body))]).toEqual([503, error]);
  });

  test.each(['kms', 'openapi', 'oss'] as const)(
    'a status is rendered as its SDK wants it by %s',
    async (target) => {
      cloud.fail(target, fault);
      const error = await failureOf(calls[target]());
      expect([error.code, error.message]).toEqual(['Busy', expect.stringContaining('Try <later>.')]);
      expect(cloud.requests()).toEqual([
        expect.objectContaining({ target, status: 503, code: 'Busy', fault: 'http' }),
      ]);
      await calls[target]();
    },
  );

  const kmsCodes = {
    400: 'InvalidParameter',
    403: 'Forbidden.NoPermission',
    404: 'Forbidden.ResourceNotFound',
    429: 'Rejected.Throttling',
    500: 'InternalFailure',
    503: 'ServiceUnavailableTemporary',
  };
  test.each([
    ['dedicatedKms', kmsCodes],
    ['kms', kmsCodes],
    [
      'openapi',
      { 400: 'InvalidParameter', 429: 'Throttling', 500: 'InternalError', 503: 'ServiceUnavailable' },
    ],
    ['oss', { 403: 'AccessDenied', 404: 'NoSuchKey', 500: 'InternalError', 503: 'ServiceUnavailable' }],
  ] as const)('a status without a code has the one that %s uses', async (target, codes) => {
    for (const status of Object.keys(codes)) {
      cloud.fail(target, { status: Number(status) });
      await calls[target]().catch(() => undefined);
    }
    const answered = cloud.requests().map(({ status, code }) => [status, code]);
    expect(Object.fromEntries(answered)).toEqual(codes);
  });

  test.each(targets)('a dropped connection to %s is no answer', async (target) => {
    cloud.fail(target, 'drop');
    const error = await failureOf(calls[target]());
    expect(error.message + (error.code ?? '')).toMatch(/ECONNRESET|socket hang up|connectError/);
    expect(cloud.requests()).toEqual([expect.objectContaining({ target, fault: 'drop' })]);
    expect(cloud.requests()[0]).not.toHaveProperty('status');
    await calls[target]();
  });

  test.each(targets)('an answer of %s may be cut in the middle', async (target) => {
    cloud.fail(target, 'truncate');
    const error = await failureOf(calls[target]());
    expect(error.message + (error.code ?? '')).toMatch(/aborted|ECONNRESET|raw xml: meow/);
    expect(cloud.requests()).toEqual([expect.objectContaining({ target, fault: 'truncate', status: 200 })]);
  });

  test('an answer may make no sense', async () => {
    for (const target of targets) cloud.fail(target, 'garbage');
    const { status, body } = await callDedicatedKms();
    expect(status).toBe(200);
    expect(() => fieldsOf(body)).toThrow(/wire type|tag|premature EOF/i);
    await expect(calls.kms()).rejects.toMatchObject({ name: 'SyntaxError' });
    await expect(calls.openapi()).rejects.toMatchObject({ name: 'SyntaxError' });
    expect(await callOss()).toMatchObject({ res: { status: 200 } });
  });

  test('a request may hang until the client gives up', async () => {
    cloud.fail('openapi', 'hang');
    expect((await failureOf(callOpenApi('A', 50))).name).toBe('RequestTimeoutError');
    expect(cloud.requests()).toEqual([expect.objectContaining({ fault: 'hang', action: 'A' })]);
  });

  test('an answer may be late', async () => {
    cloud.fail('openapi', { delayMs: 60 });
    expect(await durationOf(callOpenApi())).toBeGreaterThanOrEqual(59);
    cloud.fail('openapi', { status: 500, delayMs: 60 });
    expect(await durationOf(callOpenApi())).toBeGreaterThanOrEqual(59);
  });

  test('an answer may have a body of any kind', async () => {
    cloud.fail('openapi', {
      status: 502,
      body: '<html>Bad Gateway</html>',
      headers: { 'content-type': 'text/html' },
    });
    await expect(callOpenApi()).rejects.toMatchObject({ text: '<html>Bad Gateway</html>' });
  });

  test('an upload that is cut off is not kept', async () => {
    const client = ossClient(cloud, cloud.secret('one'));
    cloud.fail('oss', 'drop');
    await failureOf(client.put('lost', Buffer.alloc(300_000)));
    cloud.fail('oss', { status: 500 });
    expect((await failureOf(client.put('lost', Buffer.alloc(300_000)))).code).toBe('InternalError');
    expect(cloud.object('photos', 'lost')).toBeUndefined();
    cloud.fail('oss', 'truncate');
    await failureOf(client.put('kept', Buffer.from('whole')));
    expect(cloud.object('photos', 'kept')?.body.toString()).toBe('whole');
  });

  test('strike the given number of times, in the order in which they were planted', async () => {
    cloud.fail('openapi', { status: 500, code: 'First' }, 2);
    cloud.fail('openapi', { status: 500, code: 'Second' });
    const codes: (string | undefined)[] = [];
    for (let call = 0; call < 3; call += 1) codes.push((await failureOf(callOpenApi())).code);
    expect(codes).toEqual(['First', 'First', 'Second']);
    await callOpenApi();
  });

  test('end when they are cleared', async () => {
    const forever = cloud.fail('openapi', 'drop', Infinity);
    cloud.fail('oss', 'drop', Infinity);
    await failureOf(callOpenApi());
    expect(forever.remaining).toBe(Infinity);
    forever.clear();
    expect(forever.remaining).toBe(0);
    await callOpenApi();
    await failureOf(callOss());
    cloud.clearFaults('openapi');
    await failureOf(callOss());
    cloud.clearFaults('oss');
    await callOss();
  });

  test('may be meant for one secret, one action, or whatever a test wants', async () => {
    const bySecret = cloud.fail('dedicatedKms', { status: 500, secretName: 'two' }, Infinity);
    expect([(await callDedicatedKms('one')).status, (await callDedicatedKms('two')).status]).toEqual([
      200, 500,
    ]);
    bySecret.clear();

    cloud.fail('openapi', { status: 500, action: 'CreateThing', code: 'ByAction' });
    await callOpenApi('DescribeRegions');
    expect((await failureOf(callOpenApi('CreateThing'))).code).toBe('ByAction');

    cloud.fail('openapi', { status: 500, secretName: 'two', code: 'BySigner' });
    await callOpenApi();
    const two = acsClient(cloud, cloud.secret('two')).request('A', {}, {});
    expect((await failureOf(two)).code).toBe('BySigner');

    cloud.fail('oss', { status: 500, match: ({ object, method }) => object === 'cat' && method === 'HEAD' });
    const oss = ossClient(cloud, cloud.secret('one'));
    await oss.get('cat');
    expect((await failureOf(oss.head('cat'))).status).toBe(500);
  });

  test('tell a test whose own condition throws', async () => {
    cloud.fail('openapi', {
      status: 500,
      match: () => {
        throw new Error('oops in match');
      },
    });
    expect((await failureOf(callOpenApi())).message).toContain('oops in match');
  });

  test('strike a request that is not even signed', async () => {
    cloud.fail('openapi', { status: 500, code: 'Down' });
    const anonymous = acsClient(cloud, { accessKeyId: 'nobody', accessKeySecret: 'x' });
    expect((await failureOf(anonymous.request('A', {}, {}))).code).toBe('Down');
  });
});

async function durationOf(call: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await call.catch((error: SdkError) => error);
  return performance.now() - startedAt;
}

describe('latency', () => {
  test('may be set for one target or for all', async () => {
    const cloud = await startCloud({ secrets: ['one'], latencyMs: { openapi: 60 } });
    const all = await startCloud({ secrets: ['one'], latencyMs: 60 });
    expect(
      await durationOf(acsClient(cloud, cloud.secret('one')).request('A', {}, {})),
    ).toBeGreaterThanOrEqual(59);
    expect(await durationOf(ossClient(all, all.secret('one')).get('nothing'))).toBeGreaterThanOrEqual(59);
    await Promise.all([cloud.stop(), all.stop()]);
  });
});
