import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { acsClient, kmsClient } from './support/acs-clients.js';
import { credentialsClient, type SdkCredentials } from './support/alicloud-credentials.js';
import type { SdkError } from './support/failure-of.js';
import { ossClient, tokenOptions } from './support/oss-client.js';
import { startCloud } from './support/start-cloud.js';

const SESSION_MS = 60_000;

describe('the temporary keys that the real credentials SDK gets', () => {
  let cloud: AlibabaCloudEmulator;
  let laterMs = 0;

  beforeAll(async () => {
    const now = (): number => Date.now() + laterMs;
    cloud = await startCloud({ secrets: ['one'], sts: { sessionMs: SESSION_MS }, now });
    cloud.putObject('photos', 'cat', 'meow');
  });
  afterAll(() => cloud.stop());
  afterEach(() => {
    laterMs = 0;
    cloud.clearRequests();
  });

  const stsEndpoint = (): string => new URL(cloud.endpoints.sts).host;
  const configs: Readonly<Record<string, () => object>> = {
    ram_role_arn: () => ({
      type: 'ram_role_arn',
      ...cloud.kmsIdentity,
      roleArn: cloud.role.arn,
      roleSessionName: 'app',
      policy: '{"Version":"1"}',
      roleSessionExpiration: 1200,
      stsEndpoint: stsEndpoint(),
    }),
    oidc_role_arn: () => ({
      type: 'oidc_role_arn',
      roleArn: cloud.oidc.roleArn,
      oidcProviderArn: cloud.oidc.providerArn,
      oidcTokenFilePath: cloud.oidc.tokenFile,
      roleSessionName: 'app',
      stsEndpoint: stsEndpoint(),
    }),
    ecs_ram_role: () => ({ type: 'ecs_ram_role' }),
  };
  const keyFrom = (type: string): Promise<SdkCredentials> =>
    credentialsClient(cloud, configs[type]?.() ?? {}).getCredential();

  const outcomes = ({ securityToken, accessKeyId, accessKeySecret }: SdkCredentials): Promise<unknown[]> => {
    const pair = { accessKeyId, accessKeySecret };
    const oss = tokenOptions(securityToken);
    const calls = [
      kmsClient(cloud, { ...pair, securityToken }).request('GetSecretValue', { SecretName: 'one' }),
      acsClient(cloud, pair).request('A', { SecurityToken: securityToken }, { method: 'POST' }),
      ossClient(cloud, pair, oss).get('cat'),
      ossClient(cloud, pair, { ...oss, authorizationV4: true }).get('cat'),
    ];
    return Promise.all(
      calls.map((call) =>
        call.then(
          () => 'ok',
          (error: SdkError) => error.code,
        ),
      ),
    );
  };

  test.each(Object.keys(configs))('are good for every service until they expire: %s', async (type) => {
    const key = await keyFrom(type);
    expect(key.accessKeyId).toMatch(/^STS\./);
    expect(await outcomes(key)).toEqual(['ok', 'ok', 'ok', 'ok']);
    laterMs = SESSION_MS;
    expect(await outcomes(key)).toEqual([
      'InvalidSecurityToken.Expired',
      'InvalidSecurityToken.Expired',
      'SecurityTokenExpired',
      'SecurityTokenExpired',
    ]);
  });

  test('are asked for in the way that the SDK has', async () => {
    for (const type of Object.keys(configs)) await keyFrom(type);
    const asked = cloud.requests().map(({ target, method, path, action }) => [target, method, path, action]);
    expect(asked).toEqual([
      ['sts', 'POST', '/', 'AssumeRole'],
      ['sts', 'POST', '/', 'AssumeRoleWithOIDC'],
      ['metadata', 'PUT', '/latest/api/token', 'GetToken'],
      ['metadata', 'GET', '/latest/meta-data/ram/security-credentials/', 'ListRoles'],
      ['metadata', 'PUT', '/latest/api/token', 'GetToken'],
      ['metadata', 'GET', '/latest/meta-data/ram/security-credentials/kms-reader', 'GetRoleCredentials'],
    ]);
  });
});
