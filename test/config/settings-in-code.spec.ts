import { describe, expect, it } from '@jest/globals';

import type { SettingSource } from '../../lib/config/setting-source.js';
import { vectorPassword } from '../support/dkms-vectors.js';
import {
  ca,
  clientKey,
  clientKeyFile,
  endpoint,
  expectedDedicated,
  passwordFile,
} from './support/peer-cases.js';
import { readSettings } from './support/read-settings.js';

describe('in code', () => {
  it('content takes the place of files', () => {
    expect(
      readSettings([], { dedicated: [{ endpoint, clientKey, password: vectorPassword, ca }] }).dedicated,
    ).toEqual([expectedDedicated({ ca })]);
  });

  it('credentials have the camel case of the settings', () => {
    const regions = [{ regionId: 'cn-hangzhou' }];
    expect(
      readSettings([], {
        regions,
        credentials: { type: 'ak', accessKeyId: 'LTAI5tIdentity', accessSecret: 'secret' },
      }).credentials,
    ).toEqual({ kind: 'accessKey', accessKeyId: 'LTAI5tIdentity', accessKeySecret: 'secret' });
    expect(
      readSettings([], {
        regions,
        credentials: { type: 'ak', accessKeyId: 'LTAI5tIdentity', accessKeySecret: 'secret\n' },
      }).credentials,
    ).toMatchObject({ accessKeySecret: 'secret' });
    expect(
      readSettings([], {
        regions,
        credentials: { type: 'client_key', clientKeyFile, passwordFromFilePath: passwordFile },
      }).credentials,
    ).toMatchObject({ kind: 'clientKey', password: vectorPassword });
  });

  it.each([
    ['as pop-core has it', { getCredentials: () => ({}) }],
    ['as @alicloud/credentials has it', { getCredential: () => ({}) }],
  ])('a credentials provider is taken %s', (_kind, credentials) => {
    expect(readSettings([], { regions: [{ regionId: 'cn-hangzhou' }], credentials }).credentials).toEqual({
      kind: 'provider',
      provider: credentials,
    });
  });

  it('a session that is shorter than STS grants is a problem', () => {
    const credentials = {
      type: 'ram_role',
      accessKeyId: 'LTAI5tIdentity',
      accessSecret: 'secret',
      roleArn: 'acs:ram::1:role/kms',
      roleSessionName: 'session',
    };
    const regions = [{ regionId: 'cn-hangzhou' }];
    const read = (durationSeconds: number) =>
      readSettings([], { regions, credentials: { ...credentials, durationSeconds } });
    expect(() => read(899)).toThrow(
      /kms\.credentials\.durationSeconds: is a shorter session than STS grants\. Write a number of seconds from 900/,
    );
    expect(read(900).credentials).toMatchObject({ durationSeconds: 900 });
  });

  it('instances are all there are: a stray setting adds none', () => {
    const config: SettingSource = {
      name: 'ConfigService',
      get: (key) => (key === 'cache_client_region_id' ? '[{"regionId":"cn-beijing"}]' : undefined),
    };
    const settings = readSettings([config], {
      dedicated: [{ endpoint, clientKey, password: vectorPassword }],
    });
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
    const settings = readSettings([
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
