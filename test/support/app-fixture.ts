import type { DynamicModule, LoggerService, Provider, Type } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import {
  acsClient,
  getAcsClientToken,
  getOssClientToken,
  ManagedCredentialsModule,
  ManagedCredentialsService,
  ossClient,
  type ManagedClientDefinition,
  type ManagedCredentialsModuleOptions,
  type OssClientOptions,
  type ProxyAcsClient,
  type ProxyOssClient,
} from 'nestjs-aliyun-managed-credentials';
import type { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { RecordingLogger } from './recording-logger.js';
import { redactionWatch } from './redaction-watch.js';

/** What a test's application consists of besides the module under test. */
export interface AppParts {
  readonly options?: ManagedCredentialsModuleOptions;
  readonly clients?: readonly ManagedClientDefinition[];
  readonly imports?: readonly (DynamicModule | Type)[];
  readonly providers?: readonly Provider[];
  /** Settings beside those that point at the emulator. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** @default one that prints nothing */
  readonly logger?: LoggerService;
  readonly override?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
}

/** An application whose settings come from a config factory, so that tests do not share an environment. */
export async function buildApp(cloud: AlibabaCloudEmulator, parts: AppParts = {}): Promise<TestingModule> {
  const { override = (builder: TestingModuleBuilder) => builder } = parts;
  const compiling = override(
    Test.createTestingModule({
      imports: [
        ConfigModule.forRoot({ ignoreEnvFile: true, load: [() => ({ ...cloud.env, ...parts.settings })] }),
        ManagedCredentialsModule.forRoot({ ...parts.options, clients: parts.clients ?? [] }),
        ...(parts.imports ?? []),
      ],
      providers: [...(parts.providers ?? [])],
    }),
  )
    .setLogger(redactionWatch.logger(parts.logger ?? new RecordingLogger()))
    .compile();
  const app = await watched(compiling);
  redactionWatch.application(app, cloud);
  return app;
}

async function watched<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch((error: unknown) => redactionWatch.error(error));
  return promise;
}

/** The same, started. */
export async function startApp(cloud: AlibabaCloudEmulator, parts: AppParts = {}): Promise<TestingModule> {
  const app = await buildApp(cloud, parts);
  await watched(app.init());
  return app;
}

/** An ACS client of the emulator's OpenAPI gateway. */
export function testAcsClient(cloud: AlibabaCloudEmulator, secretName = 'acs-secret', more: object = {}) {
  return acsClient(secretName, { endpoint: cloud.endpoints.openapi, apiVersion: '2014-05-26', ...more });
}

/** An OSS client of the emulator. */
export function testOssClient(
  cloud: AlibabaCloudEmulator,
  secretName = 'oss-secret',
  more: OssClientOptions = {},
  name?: string,
) {
  return ossClient(secretName, {
    name,
    region: 'oss-cn-hangzhou',
    endpoint: cloud.endpoints.oss,
    bucket: 'photos',
    ...more,
  });
}

/** The services and clients of a started application. */
export function partsOf(app: TestingModule) {
  return {
    service: app.get(ManagedCredentialsService),
    acs: (secretName = 'acs-secret') => app.get<ProxyAcsClient>(getAcsClientToken(secretName)),
    oss: (secretName = 'oss-secret') => app.get<ProxyOssClient>(getOssClientToken(secretName)),
  };
}
