import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { kmsClient } from './support/acs-clients.js';
import { fieldsOf, getSecretValueRequest, privateKeyOf, sendRaw } from './support/dkms-caller.js';
import { failureOf, type KeyPair } from './support/failure-of.js';
import { commonParams, sendRpc, signedWithKey, signedWithSecret } from './support/rpc-caller.js';
import { startCloud } from './support/start-cloud.js';

const name = 'acs/ram/user/ecs-app';

describe('who may read secrets through the shared KMS API', () => {
  let cloud: AlibabaCloudEmulator;
  let laterMs = 0;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: [name], now: () => Date.now() + laterMs });
  });
  afterAll(() => cloud.stop());
  afterEach(() => {
    laterMs = 0;
    cloud.clearRequests();
  });

  const ask = (key: KeyPair & { securityToken?: string }): Promise<unknown> =>
    kmsClient(cloud, key).request('GetSecretValue', { SecretName: name });
  const codeOf = async (key: KeyPair & { securityToken?: string }): Promise<unknown> =>
    (await failureOf(ask(key))).code;

  describe('a client key', () => {
    const query = (more: object = {}): Readonly<Record<string, string>> =>
      commonParams({
        Action: 'GetSecretValue',
        Version: '2016-01-20',
        AccessKeyId: cloud.clientKey.keyId,
        SignatureMethod: 'SHA256withRSA',
        SignatureType: 'PRIVATEKEY',
        SecretName: name,
        ...more,
      });
    const send = (params: Readonly<Record<string, string>>): ReturnType<typeof sendRpc> =>
      sendRpc(cloud.endpoints.kms, cloud.certificates.ca, params);
    const refusal = async (params: Readonly<Record<string, string>>): Promise<unknown> => {
      const { status, body } = await send(params);
      return [status, body['Code']];
    };

    test('signs SHA256withRSA, its KeyId stands for the AccessKey id', async () => {
      const { status, body } = await send(signedWithKey(query(), privateKeyOf(cloud)));
      expect([status, body['SecretData']]).toEqual([200, cloud.secret(name).secretData]);
      expect(cloud.requests('kms')).toEqual([
        expect.objectContaining({ accessKeyId: cloud.clientKey.keyId, secretName: name, status: 200 }),
      ]);
    });

    test.each<[string, object, readonly [number, string]]>([
      ['an unknown KeyId', { AccessKeyId: 'KAAP.nobody' }, [404, 'InvalidAccessKeyId.NotFound']],
      ['another method', { SignatureMethod: 'HMAC-SHA1' }, [400, 'InvalidSignatureMethod']],
      ['no SignatureType', { SignatureType: '' }, [400, 'InvalidSignatureMethod']],
      ['a stale timestamp', { Timestamp: '2020-01-01T00:00:00Z' }, [400, 'InvalidTimeStamp.Expired']],
      ['no nonce', { SignatureNonce: '' }, [400, 'MissingParameter']],
      ['another API version', { Version: '2015-01-01' }, [404, 'InvalidVersion']],
    ])('is refused with %s', async (_, more, expected) => {
      expect(await refusal(signedWithKey(query(more), privateKeyOf(cloud)))).toEqual(expected);
    });

    test('is refused when its signature does not cover the call, or is that of an AccessKey', async () => {
      const signed = signedWithKey(query(), privateKeyOf(cloud));
      const mismatch = [400, 'SignatureDoesNotMatch'];
      expect(await refusal({ ...signed, SecretName: 'another' })).toEqual(mismatch);
      expect(await refusal(signedWithSecret(query(), cloud.kmsIdentity.accessKeySecret))).toEqual(mismatch);
      expect(await refusal({ ...signed, Signature: '' })).toEqual([400, 'MissingParameter']);
      expect((await send(signed)).status).toBe(200);
      expect(await refusal(signed)).toEqual([400, 'SignatureNonceUsed']);
    });
  });

  test('a temporary key, as long as it lasts', async () => {
    const key = cloud.assumeRole(60_000);
    expect(await ask(key)).toHaveProperty('SecretData', cloud.secret(name).secretData);
    laterMs = 59_000;
    expect(await ask(key)).toHaveProperty('SecretData');
    laterMs = 60_000;
    const expired = await failureOf(ask(key));
    expect(expired).toMatchObject({ code: 'InvalidSecurityToken.Expired' });
    expect(cloud.requests('kms').map(({ status }) => status)).toEqual([200, 200, 400]);
  });

  test('no temporary key without its own token', async () => {
    const key = cloud.assumeRole();
    const { securityToken: another } = cloud.assumeRole();
    const { accessKeyId, accessKeySecret } = key;
    expect(await codeOf({ accessKeyId, accessKeySecret })).toBe('MissingSecurityToken');
    expect(await codeOf({ ...key, securityToken: another })).toBe(
      'InvalidSecurityToken.MismatchWithAccessKey',
    );
    expect(await codeOf({ ...key, securityToken: 'CAIS' })).toBe('InvalidSecurityToken.Malformed');
    expect(await codeOf({ ...cloud.kmsIdentity, securityToken: another })).toBe(
      'InvalidSecurityToken.MismatchWithAccessKey',
    );
    expect(await codeOf({ ...key, accessKeySecret: 'x' })).toBe('SignatureDoesNotMatch');
    cloud.revoke(accessKeyId);
    expect(await codeOf(key)).toBe('InvalidAccessKeyId.NotFound');
  });

  test('nobody, once a secret is denied, until it is allowed again', async () => {
    const dedicated = async (): Promise<unknown> => {
      const { status, body } = await sendRaw(cloud, getSecretValueRequest(cloud, { secretName: name }));
      return [status, status === 200 ? '' : fieldsOf(body).get(2)?.[0]];
    };
    cloud.createSecret('another');
    cloud.denySecret(name);
    expect(await codeOf(cloud.kmsIdentity)).toBe('Forbidden.NoPermission');
    expect(await dedicated()).toEqual([403, 'Forbidden.NoPermission']);
    const other = kmsClient(cloud, cloud.kmsIdentity).request('GetSecretValue', { SecretName: 'another' });
    expect(await other).toHaveProperty('SecretData');
    cloud.allowSecret(name);
    expect(await ask(cloud.kmsIdentity)).toHaveProperty('SecretData');
    expect(await dedicated()).toEqual([200, '']);
    expect(() => cloud.denySecret('nobody')).toThrow(/no secret 'nobody'/);
    expect(() => cloud.allowSecret('nobody')).toThrow(/no secret 'nobody'/);
  });
});

describe('the environment for the shared KMS API', () => {
  let cloud: AlibabaCloudEmulator;
  beforeAll(async () => {
    cloud = await startCloud({ regions: ['cn-shanghai'] });
  });
  afterAll(() => cloud.stop());

  test('names every region, with what to trust', () => {
    const items: unknown = JSON.parse(cloud.sharedKmsEnv()['cache_client_region_id'] ?? '');
    expect(items).toEqual(
      cloud.regions.map(({ regionId, endpoints }) => ({
        regionId,
        endpoint: new URL(endpoints.kms).host,
        caFilePath: cloud.certificates.caFile,
      })),
    );
    expect(items).toHaveLength(2);
    expect(cloud.env).not.toHaveProperty('cache_client_region_id');
  });

  test('says how the app proves who it is', () => {
    const { accessKeyId, accessKeySecret } = cloud.kmsIdentity;
    const { cache_client_region_id: regions, ...ak } = cloud.sharedKmsEnv();
    expect(ak).toEqual({
      credentials_type: 'ak',
      credentials_access_key_id: accessKeyId,
      credentials_access_secret: accessKeySecret,
    });
    expect(cloud.sharedKmsEnv({ type: 'token' })).toEqual({
      cache_client_region_id: regions,
      credentials_type: 'token',
      credentials_access_token_id: accessKeyId,
      credentials_access_token: accessKeySecret,
    });
    expect(cloud.sharedKmsEnv({ type: 'client_key' })).toEqual({
      cache_client_region_id: regions,
      credentials_type: 'client_key',
      client_key_private_key_path: cloud.clientKey.file,
      client_key_password_from_file_path: cloud.clientKey.passwordFile,
    });
    const session = {
      credentials_role_session_name: 'emulator-app',
      credentials_role_arn: cloud.role.arn,
      credentials_sts_endpoint: new URL(cloud.endpoints.sts).host,
    };
    for (const type of ['sts', 'ram_role'] as const) {
      expect(cloud.sharedKmsEnv({ type })).toEqual({
        ...cloud.sharedKmsEnv(),
        credentials_type: type,
        ...session,
      });
    }
    expect(cloud.sharedKmsEnv({ type: 'oidc_role_arn' })).toEqual({
      cache_client_region_id: regions,
      credentials_type: 'oidc_role_arn',
      ...session,
      credentials_oidc_provider_arn: cloud.oidc.providerArn,
      credentials_oidc_token_file_path: cloud.oidc.tokenFile,
    });
    expect(cloud.sharedKmsEnv({ type: 'ecs_ram_role' })).toEqual({
      cache_client_region_id: regions,
      credentials_type: 'ecs_ram_role',
      credentials_role_name: cloud.role.name,
    });
  });
});
