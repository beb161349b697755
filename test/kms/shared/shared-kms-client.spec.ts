import { inspect } from 'node:util';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AlibabaCloudEmulator, type Fault } from 'nestjs-aliyun-managed-credentials/testing';

import type { KmsIdentity } from '../../../lib/kms/shared/kms-identity.js';
import type { SharedKmsClient, SharedKmsClientOptions } from '../../../lib/kms/shared/shared-kms-client.js';
import {
  clientKeyIdentity,
  ramIdentity,
  sessionCredentials,
  sharedKmsClient,
} from '../../support/shared-kms-fixture.js';

let cloud: AlibabaCloudEmulator;
const clients: SharedKmsClient[] = [];
beforeAll(async () => {
  cloud = await AlibabaCloudEmulator.start({ secrets: ['app'] });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  cloud.clearFaults();
  cloud.clearRequests();
});
afterAll(() => cloud.stop());

function start(
  identity: KmsIdentity = ramIdentity(cloud.kmsIdentity),
  more: Partial<SharedKmsClientOptions> = {},
) {
  const client = sharedKmsClient(cloud, identity, more);
  clients.push(client);
  const fetch = (secretName = 'app', signal = new AbortController().signal) =>
    client.getSecretValue(secretName, { signal });
  return { client, fetch, refused: () => fetch().catch((error: unknown) => error) };
}

describe('a shared-KMS client', () => {
  const identities: [what: string, identity: () => KmsIdentity | Promise<KmsIdentity>][] = [
    ['an access key', () => ramIdentity(cloud.kmsIdentity)],
    ['the key of a session', async () => ramIdentity(await sessionCredentials(cloud))],
    ['a client key', () => clientKeyIdentity(cloud)],
  ];
  it.each(identities)('signs with %s, each request anew', async (_what, identity) => {
    const { fetch } = start(await identity());
    await fetch();
    await fetch();
    const requests = cloud.requests('kms');
    expect(requests.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(requests.map(({ nonce }) => nonce)).size).toBe(2);
  });

  it.each(["it's (a) name*!", 'a+b&c=d/e~f%20', 'Geheimnis für 应用'])(
    'signs the name of secret "%s" as KMS reads it',
    async (name) => {
      cloud.createSecret(name);
      await expect(start().fetch(name)).resolves.toMatchObject({ secretName: name });
    },
  );

  it('gives the current version with all that KMS says of it', async () => {
    cloud.createSecret('rotated', { rotationIntervalMs: 7 * 86_400_000 });
    cloud.rotate('rotated');
    const { accessKeyId, accessKeySecret, versionId } = cloud.secret('rotated');
    const value = await start().fetch('rotated');
    expect(value).toMatchObject({
      secretName: 'rotated',
      versionId,
      secretType: 'RAMCredentials',
      createTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      nextRotationDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      rotationInterval: '604800s',
    });
    expect(JSON.parse(value.secretData)).toMatchObject({
      AccessKeyId: accessKeyId,
      AccessKeySecret: accessKeySecret,
    });
    expect(JSON.parse(value.extendedConfig ?? '')).toMatchObject({ SecretSubType: 'RamUserAccessKey' });
  });

  it('sends a form by POST, and nothing of it in the URL', async () => {
    const { client, fetch } = start();
    await fetch();
    expect(cloud.requests('kms')).toEqual([
      expect.objectContaining({
        method: 'POST',
        path: '/',
        host: `localhost:${client.address.port}`,
        userAgent: expect.stringMatching(
          /^AlibabaCloud \(.*; .*\) Node\.js\/v.* nestjs-aliyun-managed-credentials\//,
        ),
        accessKeyId: cloud.kmsIdentity.accessKeyId,
      }),
    ]);
  });

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
      { status: 502 },
      /that is not KMS's \(HTTP 502\)/,
    ],
    ['an error without a code', { status: 500, body: '{"Message":"oops"}' }, { status: 500 }, /not KMS's/],
    [
      'a secret with a status that is none',
      { status: 500, body: '{"SecretData":"x"}' },
      { status: 500 },
      /not KMS's/,
    ],
    ['a code that is no text', { status: 400, body: '{"Code":5}' }, { status: 400 }, /not KMS's/],
    ['no secret', { status: 200, body: '{"RequestId":"1"}' }, { status: 200 }, /not KMS's/],
    ['a secret that is no text', { status: 200, body: '{"SecretData":{}}' }, { status: 200 }, /not KMS's/],
    ['nothing', { status: 200, body: '' }, { status: 200 }, /not KMS's/],
    ['JSON that is no object', { status: 200, body: 'null' }, { status: 200 }, /not KMS's/],
    ['text', { type: 'garbage' }, { status: 200 }, /check "endpoint", and that no proxy/],
    [
      'a redirect, which it does not follow',
      { status: 302, body: '', headers: { location: 'https://localhost/' } },
      { status: 302 },
      /not KMS's \(HTTP 302\)/,
    ],
    ['no answer', { type: 'drop' }, { code: 'ECONNRESET', status: undefined }, /closed the connection/],
    ['half an answer', { type: 'truncate' }, { code: 'ECONNRESET' }, /closed the connection/],
  ])('reports %s as an error', async (_what, fault, error, message) => {
    cloud.fail('kms', fault);
    const { client, refused } = start();
    const refusal = await refused();
    expect(refusal).toMatchObject({
      name: 'KmsError',
      secretName: 'app',
      code: 'InvalidKmsResponse',
      temporary: true,
      ...error,
      message: expect.stringMatching(message),
    });
    expect((refusal as Error).message).toMatch(new RegExp(`^KMS localhost:${client.address.port} `));
    expect(cloud.requests('kms')).toHaveLength(1);
  });

  it('says the request id of a refusal', async () => {
    cloud.fail('kms', { code: 'Rejected.Throttling' });
    const error = await start().refused();
    expect(error).toMatchObject({ requestId: cloud.requests('kms')[0]?.requestId });
  });

  it('tells who must permit the secret to a client key', async () => {
    cloud.fail('kms', { status: 403, code: 'Forbidden.NoPermission' });
    await expect(start(clientKeyIdentity(cloud)).fetch()).rejects.toThrow(/application access point/);
  });

  it('says that a client key is not accepted', async () => {
    cloud.fail('kms', { status: 404, code: 'InvalidAccessKeyId.NotFound' });
    await expect(start(clientKeyIdentity(cloud)).fetch()).rejects.toMatchObject({
      code: 'KmsIdentityRejected',
      message: expect.stringContaining('"client_key_private_key_path"'),
    });
    expect(cloud.requests('kms')).toHaveLength(1);
  });

  it('says nothing of its keys and of what it sent in errors', async () => {
    const { accessKeySecret } = cloud.kmsIdentity;
    const echo = { status: 400, code: 'InvalidParameter', message: `echo ${accessKeySecret}` };
    const page = { status: 502, body: `<html>${accessKeySecret}</html>` };
    for (const fault of [echo, page, { type: 'drop' as const }]) {
      cloud.fail('kms', fault);
      const said = inspect(await start().refused(), { depth: Infinity, showHidden: true });
      expect(said).toContain('KmsError');
      expect(said).not.toContain(accessKeySecret);
      expect(said).not.toMatch(/Signature=/);
    }
  });
});

describe('RAM credentials that KMS refuses', () => {
  const outdated = { accessKeyId: 'LTAI5tOutdatedOutdated00', accessKeySecret: 'outdated' };
  const statuses = () => cloud.requests('kms').map(({ status }) => status);

  it('are replaced by others, and the secret is asked for once more', async () => {
    const { fetch } = start(ramIdentity(outdated, cloud.kmsIdentity));
    await expect(fetch()).resolves.toMatchObject({ secretName: 'app' });
    await fetch();
    expect(statuses()).toEqual([404, 200, 200]);
  });

  it('of a session are replaced by a new session of the same key', async () => {
    const session = await sessionCredentials(cloud);
    const ended = { ...session, securityToken: `${session.securityToken}x` };
    await expect(start(ramIdentity(ended, session)).fetch()).resolves.toMatchObject({ secretName: 'app' });
    expect(statuses()).toEqual([400, 200]);
  });

  it('are a permanent error when there are no others', async () => {
    const { refused } = start(ramIdentity(outdated));
    expect(await refused()).toMatchObject({
      code: 'KmsIdentityRejected',
      status: 404,
      temporary: false,
      message: expect.stringMatching(/InvalidAccessKeyId\.NotFound .*check the settings "credentials_…"/),
    });
    expect(statuses()).toEqual([404]);
  });

  it('twice are a permanent error', async () => {
    const { refused } = start(
      ramIdentity(outdated, { ...outdated, accessKeyId: 'LTAI5tOutdatedOutdated01' }),
    );
    expect(await refused()).toMatchObject({ code: 'KmsIdentityRejected' });
    expect(statuses()).toEqual([404, 404]);
  });

  it('are the only ones that are replaced after a refusal', async () => {
    cloud.fail('kms', { status: 403, code: 'Forbidden.NoPermission' });
    const { refused } = start(ramIdentity(cloud.kmsIdentity, outdated));
    expect(await refused()).toMatchObject({ code: 'Forbidden.NoPermission' });
    expect(statuses()).toEqual([403]);
  });
});
