import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { kmsClient } from './support/acs-clients.js';
import { failureOf } from './support/failure-of.js';
import { startCloud } from './support/start-cloud.js';

const name = 'acs/ram/user/ecs-app';

describe('the shared KMS API', () => {
  let cloud: AlibabaCloudEmulator;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: [name] });
  });
  afterAll(() => cloud.stop());

  const ask = (params: object, key = cloud.kmsIdentity, action = 'GetSecretValue'): Promise<object> =>
    kmsClient(cloud, key).request(action, params);

  test('answers a secret to the identity that may read it', async () => {
    const secret = cloud.secret(name);
    const created = `${new Date(secret.createdAt).toISOString().slice(0, 19)}Z`;
    const query = { SecretName: name, VersionStage: 'ACSCurrent', FetchExtendedConfig: true };
    expect(await ask(query)).toEqual({
      SecretName: name,
      SecretType: 'RAMCredentials',
      SecretData: secret.secretData,
      SecretDataType: 'text',
      VersionId: secret.versionId,
      VersionStages: { VersionStage: ['ACSCurrent'] },
      CreateTime: created,
      LastRotationDate: created,
      NextRotationDate: expect.any(String),
      AutomaticRotation: 'Enabled',
      RotationInterval: '86400s',
      ExtendedConfig: '{"SecretSubType":"RamUserAccessKey","UserName":"ecs-app"}',
      RequestId: expect.any(String),
    });
    expect(cloud.requests('kms').at(-1)).toMatchObject({
      action: 'GetSecretValue',
      secretName: name,
      versionId: secret.versionId,
      accessKeyId: cloud.kmsIdentity.accessKeyId,
      status: 200,
    });
  });

  test('finds a version by its id', async () => {
    const old = cloud.secret(name);
    cloud.rotate(name);
    expect(await ask({ SecretName: name, VersionId: old.versionId })).toMatchObject({
      SecretData: old.secretData,
    });
  });

  test('refuses everybody else, what is not there, and other actions', async () => {
    const codes = [
      ask({ SecretName: name }, cloud.secret(name)),
      ask({ SecretName: 'nobody' }),
      ask({}),
      ask({ SecretName: name }, { ...cloud.kmsIdentity, accessKeySecret: 'x' }),
      ask({}, cloud.kmsIdentity, 'Decrypt'),
    ].map(async (call) => (await failureOf(call)).code);
    expect(await Promise.all(codes)).toEqual([
      'Forbidden.NoPermission',
      'Forbidden.ResourceNotFound',
      'MissingParameter',
      'SignatureDoesNotMatch',
      'InvalidAction.NotFound',
    ]);
  });

  test('refuses its identity once that is revoked', async () => {
    cloud.revoke(cloud.kmsIdentity.accessKeyId);
    expect((await failureOf(ask({ SecretName: name }))).code).toBe('InvalidAccessKeyId.NotFound');
    cloud.restore(cloud.kmsIdentity.accessKeyId);
    expect(await ask({ SecretName: name })).toHaveProperty('SecretData');
  });
});
