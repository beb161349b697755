import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type OSS from 'ali-oss';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { failureOf, type KeyPair, type SdkError } from './support/failure-of.js';
import { ossClient, tokenOptions } from './support/oss-client.js';
import { startCloud } from './support/start-cloud.js';

describe.each([
  ['V1', false],
  ['V4', true],
])('OSS signatures %s', (_, authorizationV4) => {
  const name = 'acs/ram/user/oss-writer';
  let cloud: AlibabaCloudEmulator;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: [name] });
    cloud.putObject('photos', 'cat', 'meow');
  });
  afterAll(() => cloud.stop());
  beforeEach(() => cloud.clearRequests());

  const client = (key: KeyPair = cloud.secret(name), options: object = {}): OSS =>
    ossClient(cloud, key, { authorizationV4, timeout: 10_000, ...options });

  test('tell whose key signed the call', async () => {
    const key = cloud.secret(name);
    await client().put('cat', Buffer.from('meow'));
    expect(cloud.requests('oss')).toEqual([
      expect.objectContaining({
        method: 'PUT',
        path: '/cat',
        action: 'PutObject',
        bucket: 'photos',
        object: 'cat',
        accessKeyId: key.accessKeyId,
        secretName: name,
        versionId: key.versionId,
        status: 200,
        bytes: 4,
        md5: '4a4be40c96ac6314e91d93f38043a634',
      }),
    ]);
  });

  test('must be made with a key that exists', async () => {
    const error = await failureOf(client({ accessKeyId: 'LTAI5tNobody', accessKeySecret: 'x' }).get('cat'));
    expect(error).toMatchObject({ code: 'InvalidAccessKeyId', status: 403 });
    expect(error.message).toBe('The OSS Access Key Id you provided does not exist in our records.');
    const key = cloud.rotate(name);
    cloud.revoke(key.accessKeyId);
    expect((await failureOf(client(key).get('cat'))).code).toBe('InvalidAccessKeyId');
    cloud.revoke(key.accessKeyId, { reason: 'inactive' });
    expect((await failureOf(client(key).get('cat'))).message).toMatch(/is disabled/);
    cloud.restore(key.accessKeyId);
    expect(await client(key).get('cat')).toMatchObject({ res: { status: 200 } });
  });

  test('must be made with the secret of that key', async () => {
    const wrong = { ...cloud.secret(name), accessKeySecret: 'x' };
    expect(await failureOf(client(wrong).get('cat'))).toMatchObject({
      code: 'SignatureDoesNotMatch',
      status: 403,
    });
    expect(cloud.requests('oss')[0]).not.toHaveProperty('tornPair');
  });

  test('of a pair torn between two versions are counted', async () => {
    const [old, current] = [cloud.secret(name), cloud.rotate(name)];
    const before = cloud.tornPairs;
    const torn = client({ accessKeyId: current.accessKeyId, accessKeySecret: old.accessKeySecret });
    expect((await failureOf(torn.get('cat'))).code).toBe('SignatureDoesNotMatch');
    cloud.revoke(current.accessKeyId);
    expect((await failureOf(torn.get('cat'))).code).toBe('InvalidAccessKeyId');
    cloud.restore(current.accessKeyId);
    expect(cloud.tornPairs - before).toBe(2);
    expect(cloud.requests('oss').map(({ tornPair }) => tornPair)).toEqual([true, true]);
  });

  test('must be fresh', async () => {
    const past = client(cloud.secret(name), { amendTimeSkewed: -16 * 60_000 });
    expect(await failureOf(past.get('cat'))).toMatchObject({ code: 'RequestTimeTooSkewed', status: 403 });
    const nearly = client(cloud.secret(name), { amendTimeSkewed: 14 * 60_000 });
    expect(await nearly.get('cat')).toMatchObject({ res: { status: 200 } });
  });

  test('of a temporary key come with its security token', async () => {
    const statusOf = async (key: KeyPair, stsToken?: string): Promise<unknown> => {
      const call = client(key, stsToken === undefined ? {} : tokenOptions(stsToken)).get('cat');
      return call.then(
        ({ res }) => res.status,
        (error: SdkError) => error.code,
      );
    };
    const [key, other] = [cloud.assumeRole(), cloud.assumeRole(1)];
    expect(await statusOf(key, key.securityToken)).toBe(200);
    expect(await statusOf(key)).toBe('InvalidAccessKeyId');
    expect(await statusOf(key, 'token')).toBe('InvalidSecurityToken');
    expect(await statusOf(key, other.securityToken)).toBe('InvalidSecurityToken');
    expect(await statusOf(cloud.secret(name), key.securityToken)).toBe('InvalidSecurityToken');
    while (Date.now() < other.expiresAt) await new Promise((resolve) => setImmediate(resolve));
    expect(await statusOf(other, other.securityToken)).toBe('SecurityTokenExpired');
  });

  test('cover metadata in any script, byte for byte', async () => {
    const latin = client(cloud.secret(name), { headerEncoding: 'latin1' });
    await latin.put('named', Buffer.from('x'), { meta: { uid: 1, pid: 2, owner: '貓é' } });
    const owner = cloud.object('photos', 'named')?.headers['x-oss-meta-owner'] ?? '';
    expect(Buffer.from(owner, 'latin1').toString('utf8')).toBe('貓é');
  });

  test('may cover additional headers', async () => {
    const options = { headers: { Range: 'bytes=0-1' }, additionalHeaders: ['range'] };
    const answer = await client().get('cat', options);
    expect(String(answer.content)).toBe('me');
  });

  test.each(['content', 'stream', 'chunked'])('are judged before a body has arrived: %s', async (kind) => {
    const [body, object] = [randomBytes(3_000_000), `judged-${kind}`];
    const dead = client({ accessKeyId: 'LTAI5tNobody', accessKeySecret: 'x' });
    const options = kind === 'stream' ? { contentLength: body.length } : {};
    const call =
      kind === 'content'
        ? dead.put(object, body)
        : dead.putStream(object, Readable.from([body]), options as never);
    expect(await failureOf(call)).toMatchObject({ code: 'InvalidAccessKeyId', status: 403 });
    expect(cloud.object('photos', object)).toBeUndefined();
    await client().put(object, body);
    expect(cloud.object('photos', object)?.body.equals(body)).toBe(true);
    expect(cloud.requests('oss').map(({ status }) => status)).toEqual([403, 200]);
  });
});

describe('OSS', () => {
  let cloud: AlibabaCloudEmulator;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'] });
    cloud.putObject('photos', 'cat', 'meow');
  });
  afterAll(() => cloud.stop());

  const sendPlain = (
    method: string,
    path: string,
    headers: Record<string, string>,
  ): Promise<{ status: number | undefined; body: string; headers: Record<string, unknown> }> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        `${cloud.endpoints.oss}${path}`,
        { method, headers, agent: false },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const body = Buffer.concat(chunks).toString();
            resolve({ status: response.statusCode, body, headers: response.headers });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end();
    });

  test('refuses a request without a signature, in XML', async () => {
    const { status, body, headers } = await sendPlain('GET', '/photos/cat', {});
    expect([status, headers['content-type']]).toEqual([403, 'application/xml']);
    const requestId = cloud.requests('oss').at(-1)?.requestId;
    expect(headers['x-oss-request-id']).toBe(requestId);
    expect(requestId).toMatch(/^[0-9A-F]{24}$/);
    expect(body).toContain(`<Code>AccessDenied</Code>`);
    expect(body).toContain(`<RequestId>${requestId}</RequestId>`);
    expect(body).toContain(`<HostId>${new URL(cloud.endpoints.oss).host}</HostId>`);
  });

  test.each([
    ['Basic abc', 'InvalidArgument'],
    ['OSS nothing', 'InvalidArgument'],
    ['OSS4-HMAC-SHA256 Credential=a/b', 'InvalidArgument'],
    ['OSS4-HMAC-SHA256 Credential=a/20260101/r/oss/aliyun_v4_request,Signature=0', 'InvalidArgument'],
    ['OSS LTAI5tNobody:sig', 'InvalidAccessKeyId'],
  ])('refuses the header Authorization: %s', async (authorization, code) => {
    const { body } = await sendPlain('GET', '/photos/cat', { authorization, date: new Date().toUTCString() });
    expect(body).toContain(`<Code>${code}</Code>`);
  });

  test('names the key that it does not know', async () => {
    const headers = { authorization: 'OSS LTAI5tNobody:sig', date: new Date().toUTCString() };
    const { body } = await sendPlain('GET', '/photos/cat', headers);
    expect(body).toContain('<OSSAccessKeyId>LTAI5tNobody</OSSAccessKeyId>');
  });

  test('refuses a request without a date, and a path that is no UTF-8', async () => {
    const { accessKeyId } = cloud.secret('one');
    const undated = await sendPlain('GET', '/photos/cat', { authorization: `OSS ${accessKeyId}:sig` });
    expect(undated.body).toContain('requires a valid Date');
    expect((await sendPlain('GET', '/photos/%FF', {})).body).toContain('<Code>InvalidURI</Code>');
  });

  test('tells in a header why it refused a HEAD request', async () => {
    const dead = ossClient(cloud, { accessKeyId: 'LTAI5tNobody', accessKeySecret: 'x' });
    expect(await failureOf(dead.head('cat'))).toMatchObject({ code: 'InvalidAccessKeyId', status: 403 });
  });

  test('may keep that to itself, as older gateways do', async () => {
    const silent = await startCloud({ oss: { headErrorHeader: false } });
    const dead = ossClient(silent, { accessKeyId: 'LTAI5tNobody', accessKeySecret: 'x' });
    const error = await failureOf(dead.head('cat'));
    expect([error.code, error.status]).toEqual([undefined, 403]);
    expect(silent.requests('oss')[0]).toMatchObject({ status: 403, code: 'InvalidAccessKeyId' });
    await silent.stop();
  });
});
