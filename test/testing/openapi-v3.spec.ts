import core from '@alicloud/openapi-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ActionAnswer, type AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { failureOf, type KeyPair } from './support/failure-of.js';
import { sendPlain } from './support/rpc-caller.js';
import { startCloud } from './support/start-cloud.js';

const { Config, OpenApiRequest, Params } = core.$OpenApiUtil;

describe('the OpenAPI gateway with signature version 3', () => {
  let cloud: AlibabaCloudEmulator;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'] });
  });
  afterAll(() => cloud.stop());
  beforeEach(() => cloud.clearRequests());

  const client = ({ accessKeyId, accessKeySecret }: KeyPair = cloud.secret('one'), more: object = {}) =>
    new core.default(
      new Config({
        endpoint: cloud.endpoints.openapi.replace('http://', ''),
        protocol: 'http',
        accessKeyId,
        accessKeySecret,
        ...more,
      }),
    );
  const call = (
    oneClient: ReturnType<typeof client>,
    params: object,
    request: object,
  ): Promise<Record<string, unknown>> =>
    oneClient.callApi(
      new Params({
        action: 'CreateThing',
        version: '2014-05-26',
        protocol: 'HTTP',
        pathname: '/',
        method: 'POST',
        authType: 'AK',
        bodyType: 'json',
        style: 'RPC',
        reqBodyType: 'formData',
        ...params,
      }),
      new OpenApiRequest(request),
      {} as never,
    );

  test('answers calls of RPC style', async () => {
    const request = { query: { Zone: 'a b+c&d*~', Empty: '' }, body: { Name: '貓', Tag: ['x'] } };
    const { body } = await call(client(), {}, request);
    expect(body).toEqual({
      Action: 'CreateThing',
      Version: '2014-05-26',
      Params: { Zone: 'a b+c&d*~', Empty: '', Name: '貓', 'Tag.1': 'x' },
      RequestId: expect.any(String),
    });
    expect(cloud.requests('openapi')).toEqual([
      expect.objectContaining({
        action: 'CreateThing',
        secretName: 'one',
        accessKeyId: cloud.secret('one').accessKeyId,
        nonce: expect.any(String),
        status: 200,
      }),
    ]);
  });

  test.each([
    ['json', { name: '貓' }, '{"name":"貓"}'],
    ['byte', Buffer.from('meow'), 'meow'],
  ])('answers calls of ROA style with a body in %s', async (reqBodyType, body, sent) => {
    const params = { style: 'ROA', pathname: '/clusters/a%20b', reqBodyType };
    const answer = await call(client(), params, { query: { page: '1' }, body });
    expect(answer['body']).toMatchObject({ Params: { page: '1' }, Body: sent });
  });

  test('takes a security token', async () => {
    const { securityToken, ...key } = cloud.assumeRole();
    await expect(call(client(key, { securityToken }), {}, {})).resolves.toBeDefined();
    const failure = await failureOf(call(client(key), {}, {}));
    expect(failure.code).toBe('MissingSecurityToken');
  });

  test('refuses wrong and torn pairs', async () => {
    const before = cloud.secret('one');
    const after = cloud.rotate('one');
    const wrong = await failureOf(call(client({ ...after, accessKeySecret: 'x' }), {}, {}));
    expect(wrong.code).toBe('SignatureDoesNotMatch');
    expect(cloud.tornPairs).toBe(0);
    await failureOf(call(client({ ...after, accessKeySecret: before.accessKeySecret }), {}, {}));
    expect(cloud.tornPairs).toBe(1);
    cloud.revoke(before.accessKeyId);
    expect((await failureOf(call(client(before), {}, {}))).code).toBe('InvalidAccessKeyId.NotFound');
  });

  test.each([
    ['nothing to verify', 'ACS3-HMAC-SHA256 Credential=x', {}, 'InvalidSignatureMethod'],
    [
      'another algorithm',
      'ACS3-HMAC-SM3 Credential=x,SignedHeaders=host,Signature=00',
      {},
      'InvalidSignatureMethod',
    ],
    ['no date', undefined, { 'x-acs-date': '' }, 'MissingParameter'],
    ['a header that is not signed', undefined, { 'x-acs-extra': '1' }, 'IncompleteSignature'],
    [
      'a hash that is not that of the body',
      undefined,
      { 'x-acs-content-sha256': '00' },
      'SignatureDoesNotMatch',
    ],
    ['an old date', undefined, { 'x-acs-date': '2020-01-01T00:00:00Z' }, 'InvalidTimeStamp.Expired'],
  ])('refuses a call with %s', async (_, authorization, headers, code) => {
    const names = ['host', 'x-acs-action', 'x-acs-content-sha256', 'x-acs-date', 'x-acs-signature-nonce'];
    const { text } = await sendPlain(cloud.endpoints.openapi, {
      method: 'POST',
      headers: {
        'x-acs-action': 'CreateThing',
        'x-acs-version': '2014-05-26',
        'x-acs-signature-nonce': '1',
        'x-acs-date': new Date().toISOString(),
        'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        ...headers,
        authorization:
          authorization ??
          `ACS3-HMAC-SHA256 Credential=x,SignedHeaders=${[...names, 'x-acs-version'].join(';')},Signature=${'0'.repeat(64)}`,
      },
    });
    expect((JSON.parse(text) as { Code: string }).Code).toBe(code);
  });

  test('answers with what is not JSON, such as a stream of events', async () => {
    cloud.onAction('Chat', () => new ActionAnswer('text/event-stream', 'data: one\n\ndata: two\n\n'));
    const params = { action: 'Chat', bodyType: 'string' };
    const { headers, body } = await call(client(), params, {});
    expect(body).toBe('data: one\n\ndata: two\n\n');
    expect(headers).toMatchObject({ 'content-type': 'text/event-stream' });
  });
});
