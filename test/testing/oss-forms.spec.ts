import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { ossClient } from './support/oss-client.js';
import { sendPlain, type PlainAnswer } from './support/rpc-caller.js';
import { startCloud } from './support/start-cloud.js';

/** What the SDK's typings leave out. */
interface PolicySigner {
  calculatePostSignature(policy: object): { OSSAccessKeyId: string; Signature: string; policy: string };
  signPostObjectPolicyV4(policy: object, date: Date): string;
}

describe('forms', () => {
  let cloud: AlibabaCloudEmulator;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'] });
  });
  afterAll(() => cloud.stop());
  afterEach(() => cloud.clearRequests());

  const signer = () => ossClient(cloud, cloud.secret('one')) as unknown as PolicySigner;
  const codeIn = ({ text }: PlainAnswer): string | undefined => /<Code>(.*)<\/Code>/.exec(text)?.[1];
  type Fields = Readonly<Record<string, string>>;
  const policyOf = (conditions: readonly unknown[], expiresInMs = 60_000): object => ({
    expiration: new Date(Date.now() + expiresInMs).toISOString(),
    conditions,
  });
  const v1 = (policy: object): Fields => ({ ...signer().calculatePostSignature(policy) });
  const v4 = (policy: { conditions: unknown[] }): Fields => {
    const date = new Date();
    const stamp = date.toISOString().replace(/[-:]|\.\d+/g, '');
    const credential = `${cloud.secret('one').accessKeyId}/${stamp.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`;
    const full = {
      ...policy,
      conditions: [...policy.conditions, { 'x-oss-credential': credential }, { 'x-oss-date': stamp }],
    };
    return {
      policy: Buffer.from(JSON.stringify(full)).toString('base64'),
      'x-oss-signature-version': 'OSS4-HMAC-SHA256',
      'x-oss-credential': credential,
      'x-oss-date': stamp,
      'x-oss-signature': signer().signPostObjectPolicyV4(full, date),
    };
  };
  const post = async (fields: Fields, body: string | Buffer = 'meow'): Promise<PlainAnswer> => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new Blob([body], { type: 'text/cat' }), 'cat.txt');
    const request = new Request('http://x', { method: 'POST', body: form });
    return sendPlain(`${cloud.endpoints.oss}/photos/`, {
      method: 'POST',
      headers: { 'content-type': request.headers.get('content-type') ?? '' },
      body: Buffer.from(await request.arrayBuffer()),
    });
  };
  const conditions = [
    { bucket: 'photos' },
    ['starts-with', '$key', 'up/'],
    ['content-length-range', 1, 1000],
    ['in', '$success_action_status', ['', '200', '201']],
  ];

  test.each([
    ['V1', v1],
    ['V4', v4],
  ] as const)('upload an object, signed with %s', async (_, sign) => {
    const fields = {
      key: 'up/${filename}',
      'x-oss-meta-a': 'é',
      'x-oss-object-acl': 'private',
      ...sign(policyOf(conditions) as never),
    };
    const body = Buffer.from([0, 13, 10, 255, 45, 45]);
    expect((await post(fields, body)).status).toBe(204);
    expect(cloud.object('photos', 'up/cat.txt')).toMatchObject({
      body,
      acl: 'private',
      headers: { 'content-type': 'text/cat', 'x-oss-meta-a': 'é' },
    });
    expect(cloud.requests('oss')).toEqual([
      expect.objectContaining({
        action: 'PostObject',
        object: 'up/cat.txt',
        secretName: 'one',
        status: 204,
      }),
    ]);
    const wrong = { ...fields, policy: Buffer.from('{}').toString('base64') };
    expect(codeIn(await post(wrong))).toBe('SignatureDoesNotMatch');
  });

  test('are answered as they wish', async () => {
    const signed = { key: 'up/x', ...v1(policyOf([{ bucket: 'photos' }])) };
    const created = await post({ ...signed, success_action_status: '201' });
    expect([created.status, created.text]).toEqual([201, expect.stringContaining('<Key>up/x</Key>')]);
    expect((await post({ ...signed, success_action_status: '200' })).status).toBe(200);
    const redirected = await post({ ...signed, success_action_redirect: 'http://example.com/done?a=1' });
    expect([redirected.status, redirected.headers['location']]).toEqual([
      303,
      expect.stringContaining('http://example.com/done?a=1&bucket=photos&object=up%2Fx'),
    ]);
  });

  test.each<[string, readonly unknown[], Fields, string, number?]>([
    ['another bucket', [{ bucket: 'x' }], {}, 'AccessDenied'],
    ['another key', [['eq', '$key', 'y']], {}, 'AccessDenied'],
    ['another start', [['starts-with', '$key', 'y']], {}, 'AccessDenied'],
    ['a value that is not listed', [['in', '$x-oss-meta-a', ['b']]], { 'x-oss-meta-a': 'a' }, 'AccessDenied'],
    [
      'a value that is forbidden',
      [['not-in', '$x-oss-meta-a', ['a']]],
      { 'x-oss-meta-a': 'a' },
      'AccessDenied',
    ],
    ['a condition that nobody knows', [['like', '$key', 'u']], {}, 'AccessDenied'],
    ['too large a file', [['content-length-range', 0, 3]], {}, 'EntityTooLarge'],
    ['too small a file', [['content-length-range', 5, 9]], {}, 'EntityTooSmall'],
    ['an old policy', [], {}, 'AccessDenied', -1],
    ['an ACL that does not exist', [], { 'x-oss-object-acl': 'mine' }, 'InvalidArgument'],
    ['no key', [], { key: '' }, 'InvalidArgument'],
  ])('are refused with %s', async (_, required, fields, code, expiresInMs = 60_000) => {
    const signed = { key: 'up/x', ...v1(policyOf(required, expiresInMs)), ...fields };
    expect(codeIn(await post(signed))).toBe(code);
  });

  test('need a policy that is one, a signature and a file', async () => {
    expect(codeIn(await post({ key: 'up/x', ...v1({}) }))).toBe('InvalidPolicyDocument');
    expect(codeIn(await post({ key: 'up/x' }))).toBe('AccessDenied');
    const send = async (contentType: string, body: string): Promise<unknown> => {
      const headers = { 'content-type': contentType };
      return codeIn(await sendPlain(`${cloud.endpoints.oss}/photos`, { method: 'POST', headers, body }));
    };
    expect(await send('multipart/form-data; boundary=b', '--b\r\n\r\n')).toBe('MalformedPOSTRequest');
    expect(await send('multipart/form-data; x=b', '')).toBe('MalformedPOSTRequest');
    expect(await send('multipart/form-data; boundary="b"', 'x')).toBe('MalformedPOSTRequest');
    const key = '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nx\r\n--b--\r\n';
    expect(await send('multipart/form-data; boundary="b"', key)).toBe('InvalidArgument');
  });
});
