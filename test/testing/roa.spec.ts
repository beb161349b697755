import * as popCore from '@alicloud/pop-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { failureOf, type KeyPair } from './support/failure-of.js';
import { startCloud } from './support/start-cloud.js';

/** What the SDK's typings leave out. */
interface RoaClient {
  get(path: string, query?: object, headers?: object): Promise<unknown>;
  post(path: string, query?: object, body?: string, headers?: object): Promise<unknown>;
  delete(path: string, query?: object): Promise<unknown>;
}
const { ROAClient } = popCore as unknown as { ROAClient: new (config: object) => RoaClient };

describe('the OpenAPI gateway in ROA style', () => {
  const name = 'acs/ram/user/cs-operator';
  let cloud: AlibabaCloudEmulator;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: [name] });
  });
  afterAll(() => cloud.stop());
  beforeEach(() => cloud.clearRequests());

  /** What pop-core makes of XML: an object of text/xml, an error of an Error in it, a text of any other kind. */
  const xmlOf = async (answer: Promise<unknown>): Promise<{ text: string }> => {
    const made = await answer.catch((error: { code?: string }) => `code: ${error.code}`);
    return { text: typeof made === 'string' ? made : JSON.stringify(made) };
  };
  const client = ({ accessKeyId, accessKeySecret }: KeyPair, more: object = {}): RoaClient => {
    const endpoint = cloud.endpoints.openapi;
    return new ROAClient({ endpoint, apiVersion: '2015-12-15', accessKeyId, accessKeySecret, ...more });
  };

  test('answers a call that is signed with a good key', async () => {
    const query = { zone: 'a b+c&d', empty: '', 'zone-id': 1 };
    expect(await client(cloud.secret(name)).get('/clusters', query)).toEqual({
      Action: 'GET /clusters',
      Version: '2015-12-15',
      Params: { zone: 'a b+c&d', empty: '', 'zone-id': '1' },
      RequestId: expect.any(String),
    });
    expect(cloud.requests('openapi')).toEqual([
      expect.objectContaining({
        method: 'GET',
        path: '/clusters',
        action: 'GET /clusters',
        secretName: name,
        versionId: cloud.secret(name).versionId,
        nonce: expect.any(String),
        status: 200,
      }),
    ]);
  });

  test.each(['text/xml', 'application/xml'])('answers in XML when %s is asked for', async (accept) => {
    const roa = client(cloud.secret(name));
    const { text } = await xmlOf(roa.get('/clusters', { zone: 'a' }, { accept }));
    expect(text).toContain('GET /clusters');
    const dead = client({ accessKeyId: 'LTAI5tNobody', accessKeySecret: 'x' });
    const refusal = await xmlOf(dead.get('/clusters', {}, { accept }));
    expect(refusal.text).toContain(
      accept === 'text/xml'
        ? 'code: InvalidAccessKeyId.NotFound'
        : '<Code>InvalidAccessKeyId.NotFound</Code>',
    );
  });

  test('tells an action of the headers, but not of those that prove who sends them', async () => {
    let seen: object = {};
    cloud.onAction('GET /headers', (_params, { headers }) => {
      seen = headers;
      return {};
    });
    await client(cloud.secret(name), cloud.assumeRole()).get('/headers', {}, { 'x-extra': '1' });
    expect(seen).toMatchObject({ 'x-extra': '1', 'x-acs-version': '2015-12-15' });
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['authorization']));
    expect(Object.keys(seen)).not.toEqual(expect.arrayContaining(['x-acs-security-token']));
  });

  test('takes a body, other methods, a security token and a path with spaces', async () => {
    const roa = client(cloud.secret(name), cloud.assumeRole());
    const body = JSON.stringify({ name: '貓' });
    const headers = { 'content-type': 'application/json' };
    expect(await roa.post('/clusters', {}, body, headers)).toMatchObject({
      Action: 'POST /clusters',
      Body: body,
    });
    expect(await roa.delete('/clusters/a b')).toMatchObject({ Action: 'DELETE /clusters/a%20b' });
  });

  test('answers a path as it was told to', async () => {
    cloud.onAction('POST /clusters', (params, { body, secretName }) => ({ params, body, secretName }));
    const answer = await client(cloud.secret(name)).post('/clusters', { dry: 'run' }, 'text');
    expect(answer).toMatchObject({ params: { dry: 'run' }, body: 'text', secretName: name });
  });

  test('refuses dead keys, wrong secrets and torn pairs', async () => {
    const [old, current] = [cloud.secret(name), cloud.emergencyRotate(name)];
    const before = cloud.tornPairs;
    const codeOf = async (key: KeyPair): Promise<unknown> =>
      (await failureOf(client(key).get('/clusters'))).code;
    expect(await codeOf(old)).toBe('InvalidAccessKeyId.NotFound');
    expect(await codeOf({ ...current, accessKeySecret: 'x' })).toBe('SignatureDoesNotMatch');
    expect(cloud.tornPairs - before).toBe(0);
    expect(await codeOf({ ...current, accessKeySecret: old.accessKeySecret })).toBe('SignatureDoesNotMatch');
    expect(cloud.tornPairs - before).toBe(1);
  });

  test('refuses a stale date, a used nonce and what it cannot verify', async () => {
    const roa = client(cloud.secret(name));
    const codeOf = async (headers: object): Promise<unknown> =>
      (await failureOf(roa.get('/clusters', {}, headers))).code;
    expect(await codeOf({ date: new Date(Date.now() - 16 * 60_000).toUTCString() })).toBe(
      'InvalidTimeStamp.Expired',
    );
    expect(await codeOf({ date: 'x' })).toBe('InvalidTimeStamp.Format');
    expect(await codeOf({ 'x-acs-version': '' })).toBe('MissingParameter');
    expect(await codeOf({ 'x-acs-signature-method': 'HMAC-SHA256' })).toBe('InvalidSignatureMethod');
    await roa.get('/clusters', {}, { 'x-acs-signature-nonce': 'once' });
    expect(await codeOf({ 'x-acs-signature-nonce': 'once' })).toBe('SignatureNonceUsed');
  });

  test('meets faults in its own format', async () => {
    cloud.fail('openapi', { status: 503, action: 'GET /clusters', code: 'Busy' });
    expect(await failureOf(client(cloud.secret(name)).get('/clusters'))).toMatchObject({ code: 'Busy' });
  });
});
