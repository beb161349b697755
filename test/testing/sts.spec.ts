import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { failureOf } from './support/failure-of.js';
import { commonParams, sendRpc, signedWithSecret } from './support/rpc-caller.js';
import { startCloud } from './support/start-cloud.js';

type Params = Readonly<Record<string, string>>;

describe('STS', () => {
  let cloud: AlibabaCloudEmulator;
  let laterMs = 0;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'], accountId: '42', now: () => Date.now() + laterMs });
  });
  afterAll(() => cloud.stop());
  afterEach(() => {
    laterMs = 0;
    cloud.clearFaults();
    cloud.clearRequests();
  });

  const send = (params: Params): ReturnType<typeof sendRpc> =>
    sendRpc(cloud.endpoints.sts, cloud.certificates.ca, params);
  const assumeRole = (more: Params = {}, { accessKeyId, accessKeySecret } = cloud.kmsIdentity): Params =>
    signedWithSecret(
      commonParams({
        Action: 'AssumeRole',
        Version: '2015-04-01',
        AccessKeyId: accessKeyId,
        SignatureMethod: 'HMAC-SHA1',
        RoleArn: cloud.role.arn,
        RoleSessionName: 'app',
        ...more,
      }),
      accessKeySecret,
    );
  const withOidc = (more: Params = {}): Params => ({
    Action: 'AssumeRoleWithOIDC',
    Version: '2015-04-01',
    Format: 'JSON',
    Timestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    OIDCProviderArn: cloud.oidc.providerArn,
    OIDCToken: cloud.oidc.token,
    RoleArn: cloud.oidc.roleArn,
    RoleSessionName: 'app',
    ...more,
  });
  const refusal = async (params: Params): Promise<unknown> => {
    const { status, body } = await send(params);
    return [status, body['Code']];
  };

  test('lets the user of a secret assume the role only when told so', async () => {
    expect(await refusal(assumeRole({}, cloud.secret('one')))).toEqual([403, 'NoPermission']);
    const trusting = await startCloud({ secrets: ['one'], sts: { trustedSecrets: ['one'] } });
    const params = assumeRole({ RoleArn: trusting.role.arn }, trusting.secret('one'));
    const { status } = await sendRpc(trusting.endpoints.sts, trusting.certificates.ca, params);
    expect(status).toBe(200);
    await trusting.stop();
  });

  test('lets the KMS identity assume the role', async () => {
    const { status, body } = await send(assumeRole({ DurationSeconds: '900' }));
    expect([status, body]).toEqual([
      200,
      {
        RequestId: cloud.requests('sts')[0]?.requestId,
        AssumedRoleUser: { Arn: 'acs:ram::42:role/kms-reader/app', AssumedRoleId: 'kms-reader:app' },
        Credentials: {
          AccessKeyId: expect.stringMatching(/^STS\./),
          AccessKeySecret: expect.any(String),
          SecurityToken: expect.stringMatching(/^CAIS/),
          Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        },
      },
    ]);
    const { Expiration, AccessKeySecret } = body['Credentials'] as Params;
    const seconds = (Date.parse(Expiration ?? '') - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(890);
    expect(seconds).toBeLessThanOrEqual(900);
    expect(cloud.requests('sts')).toEqual([
      expect.objectContaining({ action: 'AssumeRole', accessKeyId: cloud.kmsIdentity.accessKeyId }),
    ]);
    expect(JSON.stringify(cloud.requests('sts'))).not.toContain(AccessKeySecret);
  });

  test.each<[string, Params, readonly [number, string]]>([
    ['no role', { RoleArn: '' }, [400, 'MissingRoleArn']],
    ['no session name', { RoleSessionName: '' }, [400, 'MissingRoleSessionName']],
    ['a strange session name', { RoleSessionName: 'a b' }, [400, 'InvalidParameter.RoleSessionName']],
    ['a role that is no ARN', { RoleArn: 'kms-reader' }, [400, 'InvalidParameter.RoleArn']],
    ['a role that is not there', { RoleArn: 'acs:ram::42:role/x' }, [404, 'EntityNotExist.Role']],
    ['too short a session', { DurationSeconds: '899' }, [400, 'InvalidParameter.DurationSeconds']],
    ['a policy that is no JSON', { Policy: '{' }, [400, 'InvalidParameter.PolicyGrammar']],
    ['another version of the API', { Version: '2014-01-01' }, [404, 'InvalidVersion']],
    ['another action', { Action: 'GetToken' }, [404, 'InvalidAction.NotFound']],
    ['an old timestamp', { Timestamp: '2020-01-01T00:00:00Z' }, [400, 'InvalidTimeStamp.Expired']],
  ])('refuses %s', async (_, more, expected) => {
    expect(await refusal(assumeRole(more))).toEqual(expected);
  });

  test('refuses everybody but its own identity and those who play the role already', async () => {
    expect(await refusal(assumeRole({}, cloud.secret('one')))).toEqual([403, 'NoPermission']);
    expect(await refusal(assumeRole({}, { ...cloud.kmsIdentity, accessKeySecret: 'x' }))).toEqual([
      400,
      'SignatureDoesNotMatch',
    ]);
    const nobody = { accessKeyId: 'LTAI5tNobody', accessKeySecret: 'x' };
    expect(await refusal(assumeRole({}, nobody))).toEqual([404, 'InvalidAccessKeyId.NotFound']);
    const { securityToken: SecurityToken, ...key } = cloud.assumeRole();
    expect((await send(assumeRole({ SecurityToken }, key))).status).toBe(200);
    expect(await refusal(assumeRole({}, key))).toEqual([400, 'MissingSecurityToken']);
  });

  test('lets an OIDC token assume the role, without a signature', async () => {
    const { status, body } = await send(withOidc());
    expect([status, body]).toMatchObject([
      200,
      {
        OIDCTokenInfo: { Subject: 'system:serviceaccount:default:app', VerificationInfo: 'Success' },
        AssumedRoleUser: { Arn: 'acs:ram::42:role/kms-reader/app' },
        Credentials: { AccessKeyId: expect.stringMatching(/^STS\./) },
      },
    ]);
    expect(readFileSync(cloud.oidc.tokenFile, 'utf8')).toBe(cloud.oidc.token);
    expect(cloud.oidc.token.split('.')).toHaveLength(3);
    expect(cloud.requests('sts')).toEqual([expect.objectContaining({ action: 'AssumeRoleWithOIDC' })]);
  });

  test.each<[string, Params, readonly [number, string]]>([
    ['no token', { OIDCToken: '' }, [401, 'AuthenticationFail.OIDCToken.Invalid']],
    ['no JSON Web Token', { OIDCToken: 'abc' }, [401, 'AuthenticationFail.OIDCToken.Invalid']],
    ['another token', { OIDCToken: 'a.b.c' }, [401, 'AuthenticationFail.OIDCToken.InvalidSignature']],
    ['another provider', { OIDCProviderArn: 'x' }, [401, 'AuthenticationFail.NoPermission']],
    ['another role', { RoleArn: 'acs:ram::42:role/x' }, [404, 'EntityNotExist.Role']],
  ])('refuses an OIDC sign-in with %s', async (_, more, expected) => {
    expect(await refusal(withOidc(more))).toEqual(expected);
  });

  test('refuses an OIDC token that has expired', async () => {
    laterMs = 86_400_000;
    const Timestamp = new Date(Date.now() + laterMs).toISOString().replace(/\.\d+Z$/, 'Z');
    expect(await refusal(withOidc({ Timestamp }))).toEqual([401, 'AuthenticationFail.OIDCToken.Expired']);
  });

  test('meets faults', async () => {
    cloud.fail('sts', { code: 'ServiceUnavailable' });
    expect(await refusal(assumeRole())).toEqual([503, 'ServiceUnavailable']);
    cloud.fail('sts', { status: 500, action: 'AssumeRoleWithOIDC' });
    expect((await send(assumeRole())).status).toBe(200);
    expect(await refusal(withOidc())).toEqual([500, 'InternalError']);
    cloud.fail('sts', 'refuse');
    expect((await failureOf(send(assumeRole()))).code).toBe('ECONNREFUSED');
  });
});
