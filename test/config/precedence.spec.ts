import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigModule } from '@nestjs/config';
import { Test } from '@nestjs/testing';
import {
  ManagedCredentialsModule,
  ManagedCredentialsService,
  type ManagedCredentialsModuleOptions,
} from 'nestjs-aliyun-managed-credentials';

import { RecordingLogger } from '../support/recording-logger.js';

const environment = process.env;
let folder: string;
let propertiesPath: string;
let envPath: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'precedence-'));
  propertiesPath = join(folder, 'kms.properties');
  envPath = join(folder, '.env');
  writeFileSync(
    propertiesPath,
    'secret_names=properties\ncache_client_region_id=[{"endpoint":"localhost:1"}]',
  );
  writeFileSync(envPath, 'secret_names=dotenv');
});
afterEach(() => {
  process.env = environment;
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The name of the secret that an application prewarms: the one of the place that counts. */
async function prewarmed(
  imports: Parameters<typeof Test.createTestingModule>[0]['imports'] = [],
  options: ManagedCredentialsModuleOptions = {},
): Promise<string> {
  const app = await Test.createTestingModule({
    imports: [
      ...imports,
      ManagedCredentialsModule.forRoot({
        configFile: propertiesPath,
        kms: { credentials: { getCredentials: () => ({}) } },
        ...options,
      }),
    ],
  })
    .setLogger(new RecordingLogger())
    .compile();
  await app.init();
  const names = app
    .get(ManagedCredentialsService)
    .status()
    .map(({ secretName }) => secretName);
  await app.close();
  return names.join(',');
}

const dotenv = () => ConfigModule.forRoot({ envFilePath: envPath });
const factory = () =>
  ConfigModule.forRoot({ ignoreEnvFile: true, load: [() => ({ secret_names: 'factory' })] });
const inEnvironment = () => {
  process.env = { ...environment, secret_names: 'environment' };
};

describe('of the places that hold a setting', () => {
  it('the properties file comes last', async () => {
    process.env = { ...environment };
    expect(await prewarmed()).toBe('properties');
  });

  it('an .env file comes before it', async () => {
    process.env = { ...environment };
    expect(await prewarmed([dotenv()])).toBe('dotenv');
  });

  it('the environment comes before an .env file, also in an application without ConfigModule', async () => {
    inEnvironment();
    expect(await prewarmed([dotenv()])).toBe('environment');
    expect(await prewarmed()).toBe('environment');
  });

  it('a config factory comes before the environment', async () => {
    inEnvironment();
    expect(await prewarmed([factory()])).toBe('factory');
  });

  it('code comes first', async () => {
    inEnvironment();
    expect(await prewarmed([factory()], { secretNames: ['code'] })).toBe('code');
  });
});
