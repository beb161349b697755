import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import type { Fault } from 'nestjs-aliyun-managed-credentials/testing';

import { clientKeyIdentity, fetchApp, sharedKmsSuite } from '../../support/shared-kms-fixture.js';

const suite = sharedKmsSuite();
const refusalTo = (client = suite.client()) => fetchApp(client).catch((error: unknown) => error);

describe('an answer to a shared-KMS client', () => {
  it.each<[what: string, fault: Fault, error: object, message: RegExp]>([
    [
      'a refusal for good',
      { status: 403, code: 'Forbidden.NoPermission' },
      { code: 'Forbidden.NoPermission', status: 403, temporary: false },
      /refused secret "app" with Forbidden\.NoPermission \(HTTP 403, request [\w-]{36}\): .*kms:GetSecretValue/,
    ],
    [
      'a request limit',
      { status: 429, code: 'Rejected.Throttling' },
      { code: 'Rejected.Throttling', status: 429, temporary: true },
      /overloaded/,
    ],
    [
      'a refusal with status 200 and without a request id',
      { status: 200, body: '{"Code":"Forbidden.ResourceNotFound"}' },
      { code: 'Forbidden.ResourceNotFound', status: 200, temporary: false, requestId: undefined },
      /\(HTTP 200, request without id\): there is no such secret/,
    ],
    [
      'a nonce that the server has seen, as after a connection that broke',
      { status: 400, code: 'SignatureNonceUsed' },
      { code: 'SignatureNonceUsed', status: 400, temporary: true },
      /SignatureNonceUsed/,
    ],
    [
      'a page of a proxy',
      { status: 502, body: '<html>bad gateway</html>' },
      { status: 502, code: 'Http502' },
      /answered with HTTP status 502 and a body that is not KMS's/,
    ],
    [
      'an error without a code',
      { status: 500, body: '{"Message":"oops"}' },
      { status: 500, code: 'Http500' },
      /not KMS's/,
    ],
    [
      'a secret with a status that is none',
      { status: 500, body: '{"SecretData":"x"}' },
      { status: 500, code: 'Http500' },
      /not KMS's/,
    ],
    [
      'a code that is no text',
      { status: 400, body: '{"Code":5}' },
      { status: 400, code: 'Http400', temporary: false },
      /not KMS's/,
    ],
    ['no secret', { status: 200, body: '{"RequestId":"1"}' }, { status: 200 }, /200 with no secret/],
    [
      'a secret that is no text',
      { status: 200, body: '{"SecretData":{}}' },
      { status: 200 },
      /200 with no secret/,
    ],
    ['nothing', { status: 200, body: '' }, { status: 200 }, /200 with no secret/],
    ['JSON that is no object', { status: 200, body: 'null' }, { status: 200 }, /200 with no secret/],
    ['text', { type: 'garbage' }, { status: 200 }, /check "endpoint", and that no proxy/],
    [
      'a redirect, which it does not follow',
      { status: 302, body: '', headers: { location: 'https://localhost/' } },
      { status: 302, code: 'Http302', temporary: false },
      /HTTP status 302/,
    ],
    ['no answer', { type: 'drop' }, { code: 'ECONNRESET', status: undefined }, /closed the connection/],
    ['half an answer', { type: 'truncate' }, { code: 'ECONNRESET' }, /closed the connection/],
  ])('of %s is an error', async (_what, fault, error, message) => {
    suite.cloud.fail('kms', fault);
    const client = suite.client();
    const refusal = await refusalTo(client);
    expect(refusal).toMatchObject({
      name: 'KmsError',
      secretName: 'app',
      code: 'InvalidKmsResponse',
      temporary: true,
      ...error,
      message: expect.stringMatching(message),
    });
    expect((refusal as Error).message).toMatch(new RegExp(`^KMS localhost:${client.address.port} `));
    expect(suite.cloud.requests('kms')).toHaveLength(1);
  });

  it('that is a refusal tells its request id', async () => {
    suite.cloud.fail('kms', { code: 'Rejected.Throttling' });
    expect(await refusalTo()).toMatchObject({ requestId: suite.cloud.requests('kms')[0]?.requestId });
  });

  it('that refuses a secret to a client key says who must permit it', async () => {
    suite.cloud.fail('kms', { status: 403, code: 'Forbidden.NoPermission' });
    await expect(fetchApp(suite.client(clientKeyIdentity(suite.cloud)))).rejects.toThrow(
      /application access point/,
    );
  });

  it('that refuses a client key says so', async () => {
    suite.cloud.fail('kms', { status: 404, code: 'InvalidAccessKeyId.NotFound' });
    await expect(fetchApp(suite.client(clientKeyIdentity(suite.cloud)))).rejects.toMatchObject({
      code: 'KmsIdentityRejected',
      message: expect.stringContaining('"client_key_private_key_path"'),
    });
    expect(suite.cloud.requests('kms')).toHaveLength(1);
  });

  it('makes no error that holds a key, a signature or what was answered', async () => {
    const { accessKeySecret } = suite.cloud.kmsIdentity;
    const echo = { status: 400, code: 'InvalidParameter', message: `echo ${accessKeySecret}` };
    const page = { status: 502, body: `<html>${accessKeySecret}</html>` };
    for (const fault of [echo, page, { type: 'drop' as const }]) {
      suite.cloud.fail('kms', fault);
      const said = inspect(await refusalTo(), { depth: Infinity, showHidden: true });
      expect(said).toContain('KmsError');
      expect(said).not.toContain(accessKeySecret);
      expect(said).not.toMatch(/Signature=/);
    }
  });
});
