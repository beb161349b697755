import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigService } from '@nestjs/config';

import { ProblemCollector } from '../../lib/config/configuration-error.js';
import type { KmsSettings } from '../../lib/config/kms-settings.js';
import { propertiesSource } from '../../lib/config/properties-file.js';
import { readKmsSettings, type KmsSettingsInCode } from '../../lib/config/read-kms-settings.js';
import type { SettingSource } from '../../lib/config/setting-source.js';
import { vectorKeyFile, vectorKeyPath, vectorPassword } from '../support/dkms-vectors.js';

let folder: string;
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'peer-settings-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const clientKeyFile = vectorKeyPath('clientKey.legacy.json');
const passwordFile = vectorKeyPath('password.txt');
const caFilePath = vectorKeyPath('ca.crt.pem');
const endpoint = 'kst-abc.cryptoservice.kms.aliyuncs.com';
const clientKey = vectorKeyFile('clientKey.legacy.json');
const ca = vectorKeyFile('ca.crt.pem');
const json = (value: unknown) => JSON.stringify(value);

/** Settings by the names that the official plugins document, and what they mean. */
const CASES: readonly {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly expected: Partial<KmsSettings>;
}[] = [
  {
    name: 'dedicated KMS, password from a file',
    settings: {
      cache_client_dkms_config_info: json([
        {
          regionId: 'cn-hangzhou',
          endpoint,
          clientKeyFile,
          passwordFromFilePath: passwordFile,
          caFilePath,
          ignoreSslCerts: false,
        },
      ]),
    },
    expected: { dedicated: [expectedDedicated({ ca })] },
  },
  {
    name: 'dedicated KMS, password from an environment variable',
    settings: {
      cache_client_dkms_config_info: json([
        { regionId: 'cn-hangzhou', endpoint, clientKeyFile, passwordFromEnvVariable: 'THE_PASSWORD' },
      ]),
      THE_PASSWORD: vectorPassword,
    },
    expected: { dedicated: [expectedDedicated({})] },
  },
  {
    name: 'dedicated KMS, password from an environment variable that a setting names',
    settings: {
      cache_client_dkms_config_info: json([
        { endpoint, clientKeyFile, passwordFromEnvVariable: 'client_key_password_from_env_variable' },
      ]),
      client_key_password_from_env_variable: 'THE_PASSWORD',
      THE_PASSWORD: vectorPassword,
    },
    expected: { dedicated: [expectedDedicated({})] },
  },
  {
    name: 'dedicated KMS, password from a file that a setting names',
    settings: {
      cache_client_dkms_config_info: json([
        { endpoint, clientKeyFile, passwordFromFilePathName: 'client_key_password_from_file_path' },
      ]),
      client_key_password_from_file_path: passwordFile,
    },
    expected: { dedicated: [expectedDedicated({})] },
  },
  {
    name: 'dedicated KMS, password by the general setting',
    settings: {
      cache_client_dkms_config_info: json([{ endpoint, clientKeyFile }]),
      client_key_password: vectorPassword,
    },
    expected: { dedicated: [expectedDedicated({})] },
  },
  {
    name: 'dedicated KMS, password by the general setting for a variable, as the plugins fall back to it',
    settings: {
      cache_client_dkms_config_info: json([{ endpoint, clientKeyFile, passwordFromEnvVariable: 'NOT_SET' }]),
      client_key_password_from_env_variable: 'THE_PASSWORD',
      THE_PASSWORD: vectorPassword,
    },
    expected: { dedicated: [expectedDedicated({})] },
  },
  {
    name: 'dedicated KMS, client key by the general setting, as the Java client takes it',
    settings: {
      cache_client_dkms_config_info: json([{ endpoint, passwordFromFilePath: passwordFile }]),
      client_key_private_key_path: clientKeyFile,
    },
    expected: { dedicated: [expectedDedicated({})] },
  },
  {
    name: 'dedicated KMS without verification of certificates, as a word',
    settings: {
      cache_client_dkms_config_info: json([
        { endpoint, clientKeyFile, passwordFromFilePath: passwordFile, ignoreSslCerts: 'TRUE' },
      ]),
    },
    expected: { dedicated: [expectedDedicated({ ignoreSslCerts: true })] },
  },
  {
    name: 'dedicated KMS, CA in place of its path, as the Go client takes it',
    settings: {
      cache_client_dkms_config_info: json([
        {
          endpoint: `https://${endpoint}/`,
          clientKeyFile,
          passwordFromFilePath: passwordFile,
          caFilePath: ca,
        },
      ]),
    },
    expected: { dedicated: [expectedDedicated({ ca })] },
  },
  {
    name: 'dedicated KMS, several instances, one of them twice',
    settings: {
      cache_client_dkms_config_info: json(
        [endpoint, 'kst-def.cryptoservice.kms.aliyuncs.com', endpoint.toUpperCase()].map((host) => ({
          endpoint: host,
          clientKeyFile,
          passwordFromFilePath: passwordFile,
        })),
      ),
    },
    expected: {
      dedicated: [
        expectedDedicated({}),
        expectedDedicated({ hostname: 'kst-def.cryptoservice.kms.aliyuncs.com' }),
      ],
    },
  },
  {
    name: 'dedicated KMS with fields of the official clients that have no use here',
    settings: {
      cache_client_dkms_config_info: json([
        {
          endpoint,
          clientKeyFile,
          passwordFromFilePath: passwordFile,
          protocol: 'https',
          method: 'POST',
          maxAttempts: 3,
          userAgent: 'x',
        },
      ]),
    },
    expected: { dedicated: [expectedDedicated({})] },
  },
  {
    name: 'shared KMS, regions in all forms',
    settings: {
      cache_client_region_id: json([
        { regionId: 'cn-hangzhou' },
        { regionId: 'cn-shanghai', vpc: true },
        { regionId: 'cn-beijing', vpc: 'true' },
        { regionId: 'cn-shenzhen', vpc: 'false' },
        { regionId: 'cn-qingdao', endpoint: 'kms.example.com:8443', vpc: true },
      ]),
      credentials_type: 'ak',
      credentials_access_key_id: 'LTAI5tIdentity',
      credentials_access_secret: 'identity-secret',
    },
    expected: {
      regions: [
        expectedRegion('cn-hangzhou', 'kms.cn-hangzhou.aliyuncs.com'),
        expectedRegion('cn-shanghai', 'kms-vpc.cn-shanghai.aliyuncs.com'),
        expectedRegion('cn-beijing', 'kms-vpc.cn-beijing.aliyuncs.com'),
        expectedRegion('cn-shenzhen', 'kms.cn-shenzhen.aliyuncs.com'),
        expectedRegion('cn-qingdao', 'kms.example.com', { port: 8443 }),
      ],
      credentials: { kind: 'accessKey', accessKeyId: 'LTAI5tIdentity', accessKeySecret: 'identity-secret' },
    },
  },
  {
    name: 'instance gateway with RAM credentials',
    settings: {
      cache_client_region_id: json([{ regionId: 'cn-hangzhou', endpoint, caFilePath }]),
      credentials_type: 'ecs_ram_role',
      credentials_role_name: 'role',
    },
    expected: {
      regions: [expectedRegion('cn-hangzhou', endpoint, { ca })],
      credentials: { kind: 'ecsRole', roleName: 'role' },
    },
  },
  {
    name: 'credentials of type token',
    settings: {
      ...oneRegion(),
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
      ...oneRegion(),
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
    settings: { ...oneRegion(), credentials_type: 'oidc_role_arn' },
    expected: { credentials: expect.objectContaining({ kind: 'oidcRole' }) as never },
  },
  {
    name: 'credentials of type oidc_role_arn',
    settings: {
      ...oneRegion(),
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
      ...oneRegion(),
      credentials_type: 'client_key',
      client_key_private_key_path: clientKeyFile,
      client_key_password_from_file_path: passwordFile,
    },
    expected: {
      credentials: { kind: 'clientKey', setting: 'credentials', clientKey, password: vectorPassword },
    },
  },
  {
    name: 'credentials of type client_key, password from an environment variable',
    settings: {
      ...oneRegion(),
      credentials_type: 'client_key',
      client_key_private_key_path: clientKeyFile,
      client_key_password_from_env_variable: 'THE_PASSWORD',
      THE_PASSWORD: `${vectorPassword}\n`,
    },
    expected: {
      credentials: { kind: 'clientKey', setting: 'credentials', clientKey, password: vectorPassword },
    },
  },
  {
    name: 'no credentials: the default chain',
    settings: oneRegion(),
    expected: { credentials: { kind: 'defaultChain' } },
  },
  {
    name: 'names of secrets and intervals',
    settings: {
      ...oneRegion(),
      secret_names: 'one, two,,one ',
      rotation_interval: '3600000',
      delay_interval: '60000',
    },
    expected: { secretNames: ['one', 'two'], rotationIntervalMs: 3_600_000, delayIntervalMs: 60_000 },
  },
  {
    name: 'settings of the plugins that have no use here',
    settings: {
      ...oneRegion(),
      monitor_period_milliseconds: '1800000',
      monitor_customer_milliseconds: '7200000',
    },
    expected: { credentials: { kind: 'defaultChain' } },
  },
];

function oneRegion() {
  return { cache_client_region_id: '[{"regionId":"cn-hangzhou"}]' };
}

function expectedDedicated(more: object) {
  return expect.objectContaining({
    hostname: endpoint,
    clientKey,
    password: vectorPassword,
    ignoreSslCerts: false,
    ...more,
  }) as never;
}

function expectedRegion(regionId: string, hostname: string, more: object = {}) {
  return expect.objectContaining({ regionId, hostname, ...more }) as never;
}

function read(sources: readonly SettingSource[], inCode: KmsSettingsInCode = {}): KmsSettings {
  const problems = new ProblemCollector();
  const settings = readKmsSettings(inCode, sources, problems);
  problems.throwIfAny();
  return settings;
}

const escape = (value: string) =>
  value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');

describe.each(CASES.map((testCase) => [testCase.name, testCase] as const))(
  '%s',
  (_name, { settings, expected }) => {
    it('is read from the environment, through ConfigService', () => {
      const config = new ConfigService(settings);
      expect(read([{ name: 'ConfigService', get: (key) => config.get<unknown>(key) }])).toMatchObject(
        expected,
      );
    });

    it('is read from a config factory whose JSON is already an array', () => {
      const parsed = Object.fromEntries(
        Object.entries(settings).map(([key, value]) => [
          key,
          value.startsWith('[') ? (JSON.parse(value) as unknown) : value,
        ]),
      );
      const config = new ConfigService(parsed);
      expect(read([{ name: 'ConfigService', get: (key) => config.get<unknown>(key) }])).toMatchObject(
        expected,
      );
    });

    it('is read from a properties file', () => {
      const path = file(
        'test.properties',
        Object.entries(settings)
          .map(([key, value]) => `${key}=${escape(value)}`)
          .join('\n'),
      );
      const source = propertiesSource(path, new ProblemCollector());
      expect(read(source ? [source] : [])).toMatchObject(expected);
    });
  },
);

describe('in code', () => {
  it('content takes the place of files', () => {
    expect(
      read([], { dedicated: [{ endpoint, clientKey, password: vectorPassword, ca }] }).dedicated,
    ).toEqual([expectedDedicated({ ca })]);
  });

  it('credentials have the camel case of the settings', () => {
    const regions = [{ regionId: 'cn-hangzhou' }];
    expect(
      read([], {
        regions,
        credentials: { type: 'ak', accessKeyId: 'LTAI5tIdentity', accessSecret: 'secret' },
      }).credentials,
    ).toEqual({ kind: 'accessKey', accessKeyId: 'LTAI5tIdentity', accessKeySecret: 'secret' });
    expect(
      read([], {
        regions,
        credentials: { type: 'ak', accessKeyId: 'LTAI5tIdentity', accessKeySecret: 'secret' },
      }).credentials,
    ).toMatchObject({ accessKeySecret: 'secret' });
    expect(
      read([], {
        regions,
        credentials: { type: 'client_key', clientKeyFile, passwordFromFilePath: passwordFile },
      }).credentials,
    ).toMatchObject({ kind: 'clientKey', password: vectorPassword });
  });

  it.each([
    ['as pop-core has it', { getCredentials: () => ({}) }],
    ['as @alicloud/credentials has it', { getCredential: () => ({}) }],
  ])('a credentials provider is taken %s', (_kind, credentials) => {
    expect(read([], { regions: [{ regionId: 'cn-hangzhou' }], credentials }).credentials).toEqual({
      kind: 'provider',
      provider: credentials,
    });
  });

  it('instances are all there are: a stray setting adds none', () => {
    const config: SettingSource = {
      name: 'ConfigService',
      get: (key) => (key === 'cache_client_region_id' ? '[{"regionId":"cn-beijing"}]' : undefined),
    };
    const settings = read([config], { dedicated: [{ endpoint, clientKey, password: vectorPassword }] });
    expect(settings.regions).toEqual([]);
    expect(settings.dedicated).toHaveLength(1);
  });
});

describe('of several sources', () => {
  it('the first that has a setting counts, setting by setting', () => {
    const source = (name: string, settings: Record<string, string>): SettingSource => ({
      name,
      get: (key) => settings[key],
    });
    const settings = read([
      source('ConfigService', { cache_client_region_id: '[{"regionId":"cn-hangzhou"}]', secret_names: ' ' }),
      source('file', {
        cache_client_region_id: '[{"regionId":"cn-beijing"}]',
        secret_names: 'from-file',
        credentials_type: 'ecs_ram_role',
      }),
    ]);
    expect(settings.regions.map(({ regionId }) => regionId)).toEqual(['cn-hangzhou']);
    expect(settings.secretNames).toEqual(['from-file']);
    expect(settings.credentials).toMatchObject({ kind: 'ecsRole' });
  });
});
