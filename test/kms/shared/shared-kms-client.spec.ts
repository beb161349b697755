import { text } from 'node:stream/consumers';

import { describe, expect, it } from '@jest/globals';

import type { KmsIdentity } from '../../../lib/kms/shared/kms-identity.js';
import { vectorKeyFile } from '../../support/dkms-vectors.js';
import {
  clientKeyIdentity,
  fetchApp,
  ramIdentity,
  sharedKmsSuite,
} from '../../support/shared-kms-fixture.js';
import { startTlsServer } from '../../support/tls-server.js';

const suite = sharedKmsSuite();

describe('a shared-KMS client', () => {
  const identities: [what: string, identity: () => KmsIdentity][] = [
    ['an access key', () => ramIdentity(suite.cloud.kmsIdentity)],
    ['the key of a session', () => ramIdentity(suite.cloud.assumeRole())],
    ['a client key', () => clientKeyIdentity(suite.cloud)],
  ];
  it.each(identities)('signs with %s, each request anew', async (_what, identity) => {
    const client = suite.client(identity());
    await fetchApp(client);
    await fetchApp(client);
    const requests = suite.cloud.requests('kms');
    expect(requests.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(requests.map(({ nonce }) => nonce)).size).toBe(2);
  });

  it.each(["it's (a) name*!", 'a+b&c=d/e~f%20', 'Geheimnis für 应用'])(
    'signs the name of secret "%s" as KMS reads it',
    async (name) => {
      suite.cloud.createSecret(name);
      const signal = new AbortController().signal;
      await expect(suite.client().getSecretValue(name, { signal })).resolves.toMatchObject({
        secretName: name,
      });
    },
  );

  it('gives the current version with all that KMS says of it', async () => {
    suite.cloud.createSecret('rotated', { rotationIntervalMs: 7 * 86_400_000 });
    suite.cloud.rotate('rotated');
    const { accessKeyId, accessKeySecret, versionId } = suite.cloud.secret('rotated');
    const signal = new AbortController().signal;
    const value = await suite.client().getSecretValue('rotated', { signal });
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
    const requests: object[] = [];
    let form: Promise<string> | undefined;
    const { port, stop } = await startTlsServer((request, response) => {
      const { method, url, headers } = request;
      requests.push({ method, url, type: headers['content-type'] });
      form = text(request);
      response.end('{"SecretData":"{}"}');
    });
    const address = { hostname: 'localhost', port };
    await fetchApp(suite.client(undefined, { address, ca: vectorKeyFile('ca.crt.pem') }));
    const sent = new URLSearchParams(await form);
    stop();
    expect(requests).toEqual([{ method: 'POST', url: '/', type: 'application/x-www-form-urlencoded' }]);
    expect(Object.fromEntries(sent)).toEqual({
      Action: 'GetSecretValue',
      Version: '2016-01-20',
      SecretName: 'app',
      VersionStage: 'ACSCurrent',
      FetchExtendedConfig: 'true',
      Format: 'JSON',
      AccessKeyId: suite.cloud.kmsIdentity.accessKeyId,
      Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      SignatureNonce: expect.stringMatching(/^[\w-]{36}$/),
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      Signature: expect.stringMatching(/^[\w+/]{27}=$/),
    });
  });

  it('names host and port of KMS, and itself', async () => {
    await fetchApp(suite.client());
    expect(suite.cloud.requests('kms')).toEqual([
      expect.objectContaining({
        host: new URL(suite.cloud.endpoints.kms).host,
        userAgent: expect.stringMatching(
          /^AlibabaCloud \(.*; .*\) Node\.js\/v.* nestjs-aliyun-managed-credentials\//,
        ),
      }),
    ]);
  });
});

describe('RAM credentials that KMS refuses', () => {
  const outdated = { accessKeyId: 'LTAI5tOutdatedOutdated00', accessKeySecret: 'outdated' };
  const statuses = () => suite.cloud.requests('kms').map(({ status }) => status);

  it('are replaced by others, and the secret is asked for once more', async () => {
    const client = suite.client(ramIdentity(outdated, suite.cloud.kmsIdentity));
    await expect(fetchApp(client)).resolves.toMatchObject({ secretName: 'app' });
    await fetchApp(client);
    expect(statuses()).toEqual([404, 200, 200]);
  });

  it('of a session are replaced by a new session of the same key', async () => {
    const session = suite.cloud.assumeRole();
    const ended = { ...session, securityToken: `${session.securityToken}x` };
    const client = suite.client(ramIdentity(ended, session));
    await expect(fetchApp(client)).resolves.toMatchObject({ secretName: 'app' });
    expect(statuses()).toEqual([400, 200]);
  });

  it('are a permanent error when there are no others', async () => {
    const client = suite.client(ramIdentity(outdated));
    await expect(fetchApp(client)).rejects.toMatchObject({
      code: 'KmsIdentityRejected',
      status: 404,
      temporary: false,
      message: expect.stringMatching(/InvalidAccessKeyId\.NotFound .*check the settings "credentials_…"/),
    });
    expect(statuses()).toEqual([404]);
  });

  it('twice are a permanent error', async () => {
    const client = suite.client(
      ramIdentity(outdated, { ...outdated, accessKeyId: 'LTAI5tOutdatedOutdated01' }),
    );
    await expect(fetchApp(client)).rejects.toMatchObject({ code: 'KmsIdentityRejected' });
    expect(statuses()).toEqual([404, 404]);
  });

  it('are the only ones that are replaced after a refusal', async () => {
    suite.cloud.fail('kms', { status: 403, code: 'Forbidden.NoPermission' });
    const client = suite.client(ramIdentity(suite.cloud.kmsIdentity, outdated));
    await expect(fetchApp(client)).rejects.toMatchObject({ code: 'Forbidden.NoPermission' });
    expect(statuses()).toEqual([403]);
  });
});
