import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type OSS from 'ali-oss';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { ossClient, tokenOptions } from './support/oss-client.js';
import { sendPlain, type PlainAnswer } from './support/rpc-caller.js';
import { startCloud } from './support/start-cloud.js';

/** What the SDK's typings leave out. */
interface Signer {
  signatureUrlV4(
    method: string,
    expires: number,
    request?: { headers?: object; queries?: object },
    name?: string,
    additionalHeaders?: string[],
  ): Promise<string>;
  asyncSignatureUrl(name: string, options?: object): Promise<string>;
}

describe('signed URLs', () => {
  let cloud: AlibabaCloudEmulator;
  let laterMs = 0;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'], now: () => Date.now() + laterMs });
    cloud.putObject('photos', 'é cat+1.png', 'meow', { 'x-oss-meta-a': '1' });
  });
  afterAll(() => cloud.stop());
  afterEach(() => {
    laterMs = 0;
    cloud.clearRequests();
  });

  // ali-oss signs no URL of an endpoint that is an IP address. The bucket stands in the path.
  const signer = (options: object = {}, key = cloud.secret('one')): OSS & Signer => {
    const endpoint = cloud.endpoints.oss.replace('127.0.0.1', 'localhost');
    return ossClient(cloud, key, { endpoint, sldEnable: true, ...options });
  };
  const codeIn = ({ text }: PlainAnswer): string | undefined => /<Code>(.*)<\/Code>/.exec(text)?.[1];
  const get = (url: string, more: Parameters<typeof sendPlain>[1] = {}): Promise<PlainAnswer> =>
    sendPlain(url.replace('//localhost', '//127.0.0.1'), more);

  type Sign = (oss: OSS & Signer, method?: string, seconds?: number) => Promise<string> | string;
  describe.each<[string, Sign]>([
    [
      'V1',
      (oss, method = 'GET', expires = 60) => oss.signatureUrl('é cat+1.png', { method, expires } as object),
    ],
    [
      'V1, asynchronously',
      (oss, method = 'GET', expires = 60) => oss.asyncSignatureUrl('é cat+1.png', { method, expires }),
    ],
    ['V4', (oss, method = 'GET', expires = 60) => oss.signatureUrlV4(method, expires, {}, 'é cat+1.png')],
  ])('%s', (_, sign) => {
    test('are good without any header, until they expire', async () => {
      const url = await sign(signer());
      expect((await get(url)).text).toBe('meow');
      expect(cloud.requests('oss')).toEqual([
        expect.objectContaining({
          action: 'GetObject',
          bucket: 'photos',
          object: 'é cat+1.png',
          accessKeyId: cloud.secret('one').accessKeyId,
          secretName: 'one',
          path: expect.not.stringContaining('Signature'),
        }),
      ]);
      laterMs = 59_000;
      expect((await get(url)).status).toBe(200);
      laterMs = 61_000;
      const expired = await get(url);
      expect([expired.status, codeIn(expired)]).toEqual([403, 'AccessDenied']);
      expect(expired.text).toContain('Request has expired.');
    });

    test('heed ranges and conditions', async () => {
      const url = await sign(signer());
      const part = await get(url, { headers: { range: 'bytes=1-2' } });
      expect([part.status, part.text]).toEqual([206, 'eo']);
      const etag = cloud.object('photos', 'é cat+1.png')?.etag ?? '';
      expect((await get(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
    });

    test('are meant for one method, one object and one key', async () => {
      const url = await sign(signer());
      expect(codeIn(await get(url, { method: 'PUT', body: 'x' }))).toBe('SignatureDoesNotMatch');
      expect(codeIn(await get(url.replace('cat', 'dog')))).toBe('SignatureDoesNotMatch');
      const wrong = await sign(signer({}, { ...cloud.secret('one'), accessKeySecret: 'x' }));
      expect(codeIn(await get(wrong))).toBe('SignatureDoesNotMatch');
      const dead = await sign(signer({}, { ...cloud.secret('one'), accessKeyId: 'LTAI5tNobody' }));
      expect(codeIn(await get(dead))).toBe('InvalidAccessKeyId');
    });

    test('upload too', async () => {
      const url = await sign(signer(), 'PUT');
      const answer = await get(url, { method: 'PUT', body: 'meow' });
      expect([answer.status, answer.headers['etag']]).toEqual([200, '"4A4BE40C96AC6314E91D93F38043A634"']);
    });

    test('carry the token of a temporary key', async () => {
      const key = cloud.assumeRole();
      const url = await sign(ossClientWith(key.securityToken, key));
      expect((await get(url)).text).toBe('meow');
      expect(codeIn(await get(url.replace(/security-token=[^&]*/, 'security-token=x')))).toBe(
        'InvalidSecurityToken',
      );
    });
  });

  const ossClientWith = (
    token: string,
    key: { accessKeyId: string; accessKeySecret: string },
  ): OSS & Signer => signer(tokenOptions(token), { ...cloud.secret('one'), ...key });

  test('V1 cover overrides of the answer, a traffic limit and what is to be made of the object', async () => {
    const url = signer().signatureUrl('é cat+1.png', {
      response: { 'content-type': 'text/cat' },
      process: 'image/resize,w_10',
      trafficLimit: 819_200,
    });
    const answer = await get(url);
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/cat']);
    expect(cloud.requests('oss')[0]?.process).toBe('image/resize,w_10');
    expect(codeIn(await get(url.replace('w_10', 'w_99')))).toBe('SignatureDoesNotMatch');
  });

  test('V4 cover queries, headers and additional headers', async () => {
    const request = { headers: { 'Content-Type': 'text/cat', range: 'bytes=0-0' }, queries: { a: 'b c' } };
    const url = await signer().signatureUrlV4('GET', 60, request, 'é cat+1.png', ['range']);
    const headers = { 'content-type': 'text/cat', range: 'bytes=0-0' };
    expect((await get(url, { headers })).text).toBe('m');
    expect(codeIn(await get(url, { headers: { ...headers, range: 'bytes=0-1' } }))).toBe(
      'SignatureDoesNotMatch',
    );
    expect(codeIn(await get(url.replace('b%20c', 'b')))).toBe('SignatureDoesNotMatch');
  });

  test('that are malformed are refused', async () => {
    const [v1, v4] = [signer().signatureUrl('x'), await signer().signatureUrlV4('GET', 60, {}, 'x')];
    const codes = [
      v1.replace(/Signature=[^&]*/, 'Signature='),
      v1.replace(/Expires=\d+/, 'Expires=soon'),
      v4.replace('x-oss-expires=60', 'x-oss-expires=604801'),
      v4.replace(/x-oss-credential=[^&]*/, 'x-oss-credential=me'),
      v4.replace(/x-oss-signature=[^&]*/, 'x-oss-signature='),
      v4.replace(/x-oss-date=\d{8}/, 'x-oss-date=20200101'),
    ].map(async (url) => codeIn(await get(url)));
    expect(await Promise.all(codes)).toEqual([
      'AccessDenied',
      'AccessDenied',
      'InvalidArgument',
      'InvalidArgument',
      'InvalidArgument',
      'InvalidArgument',
    ]);
    laterMs = -20 * 60_000;
    expect(codeIn(await get(v4))).toBe('RequestTimeTooSkewed');
  });
});
