import { expect } from '@jest/globals';

import { vectorPassword } from '../support/dkms-vectors.js';
import { clientKey, clientKeyFile, describeCases, oneRegion, passwordFile } from './support/peer-cases.js';

const expectedClientKey = () =>
  expect.objectContaining({ kind: 'clientKey', clientKey, password: vectorPassword }) as never;

describeCases([
  {
    name: 'credentials of type token',
    settings: {
      ...oneRegion,
      credentials_type: 'token',
      credentials_access_token_id: 'LTAI5tToken',
      credentials_access_token: 'token-secret',
    },
    expected: {
      credentials: { kind: 'accessKey', accessKeyId: 'LTAI5tToken', accessKeySecret: 'token-secret' },
    },
  },
  ...['sts', 'ram_role'].map((type) => ({
    name: `credentials of type ${type}`,
    settings: {
      ...oneRegion,
      credentials_type: type,
      credentials_access_key_id: 'LTAI5tIdentity',
      credentials_access_secret: 'identity-secret',
      credentials_role_session_name: 'session',
      credentials_role_arn: 'acs:ram::1:role/kms',
      credentials_policy: '{"Version":"1"}',
      credentials_duration_seconds: '1800',
      credentials_sts_region_id: 'cn-hangzhou',
    },
    expected: {
      credentials: {
        kind: 'assumedRole' as const,
        accessKeyId: 'LTAI5tIdentity',
        accessKeySecret: 'identity-secret',
        roleSessionName: 'session',
        roleArn: 'acs:ram::1:role/kms',
        policy: '{"Version":"1"}',
        durationSeconds: 1800,
        stsRegionId: 'cn-hangzhou',
        stsEndpoint: undefined,
      },
    },
  })),
  {
    name: 'credentials of type oidc_role_arn, all from the environment of the SDK',
    settings: { ...oneRegion, credentials_type: 'oidc_role_arn' },
    expected: { credentials: expect.objectContaining({ kind: 'oidcRole' }) as never },
  },
  {
    name: 'credentials of type oidc_role_arn',
    settings: {
      ...oneRegion,
      credentials_type: 'oidc_role_arn',
      credentials_role_arn: 'acs:ram::1:role/kms',
      credentials_oidc_provider_arn: 'acs:ram::1:oidc-provider/ack',
      credentials_oidc_token_file_path: '/var/run/token',
      credentials_sts_endpoint: 'sts.cn-hangzhou.aliyuncs.com',
    },
    expected: {
      credentials: expect.objectContaining({
        kind: 'oidcRole',
        roleArn: 'acs:ram::1:role/kms',
        oidcProviderArn: 'acs:ram::1:oidc-provider/ack',
        oidcTokenFilePath: '/var/run/token',
        stsEndpoint: 'sts.cn-hangzhou.aliyuncs.com',
      }) as never,
    },
  },
  {
    name: 'credentials of type client_key, password from a file',
    settings: {
      ...oneRegion,
      credentials_type: 'client_key',
      client_key_private_key_path: clientKeyFile,
      client_key_password_from_file_path: passwordFile,
    },
    expected: {
      credentials: expectedClientKey(),
    },
  },
  {
    name: 'credentials of type client_key, password from an environment variable',
    settings: {
      ...oneRegion,
      credentials_type: 'client_key',
      client_key_private_key_path: clientKeyFile,
      client_key_password_from_env_variable: 'THE_PASSWORD',
      THE_PASSWORD: `${vectorPassword}\n`,
    },
    expected: {
      credentials: expectedClientKey(),
    },
  },
  {
    name: 'no credentials: the default chain',
    settings: oneRegion,
    expected: { credentials: { kind: 'defaultChain' } },
  },
  {
    name: 'credentials of type client_key, password by the general setting',
    settings: {
      ...oneRegion,
      credentials_type: 'client_key',
      client_key_private_key_path: clientKeyFile,
      client_key_password: vectorPassword,
    },
    expected: {
      credentials: expectedClientKey(),
    },
  },
  {
    name: 'credentials of type ecs_ram_role, with the session name that the clients document for it by mistake',
    settings: { ...oneRegion, credentials_type: 'ecs_ram_role', credentials_role_session_name: 'role' },
    expected: { credentials: { kind: 'ecsRole', roleName: undefined } },
  },
]);
