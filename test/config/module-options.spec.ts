import { inspect } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  acsClient,
  ConfigurationError,
  InvalidClientOptionsError,
  ManagedCredentialsModule,
  ManagedCredentialsService,
  roaClient,
  type ManagedClientDefinition,
} from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { startApp, testAcsClient, type AppParts } from '../support/app-fixture.js';

let cloud: AlibabaCloudEmulator;
beforeAll(async () => {
  cloud = await AlibabaCloudEmulator.start({ secrets: ['acs-secret'] });
});
afterAll(() => cloud.stop());

/** What an application that must not start says. */
async function refusal(parts: AppParts): Promise<unknown> {
  return startApp(cloud, parts).then(
    async (app) => {
      await app.close();
      throw new Error('the application has started');
    },
    (error: unknown) => error,
  );
}

describe('options in code are checked before the application starts:', () => {
  const passphrase = 'planted-Passphrase-4711';
  it.each<[setting: string, options: object]>([
    ['refresh.rotationIntervalMs', { refresh: { rotationIntervalMs: 0 } }],
    ['refresh.delayIntervalMs', { refresh: { delayIntervalMs: -1 } }],
    ['refresh.jitterMs', { refresh: { jitterMs: Number.NaN } }],
    ['refresh.rotationInterval', { refresh: { rotationInterval: 1000 } }],
    ['refresh', { refresh: 'hourly' }],
    ['expiredKeyWaitMs', { expiredKeyWaitMs: '5000' }],
    ['expiredKeyWaitMs', { expiredKeyWaitMs: Infinity }],
    ['startupTimeoutMs', { startupTimeoutMs: 2 ** 31 }],
    ['startup', { startup: 'eagerly' }],
    ['secretName', { secretName: ['acs-secret'] }],
    ['secretNames', { secretNames: 'acs-secret' }],
    ['secretNames', { secretNames: [undefined] }],
    ['secretNames', { secretNames: [' '] }],
    ['configFile', { configFile: 42 }],
    ['akExpireHandler', { akExpireHandler: {} }],
    ['kms', { kms: null }],
    ['kms.dedicatd', { kms: { dedicatd: [] } }],
    ['kms.connectTimeoutMs', { kms: { connectTimeoutMs: '5s' } }],
    ['kms.hedgeDelayMs', { kms: { hedgeDelayMs: -1 } }],
    ['fileCache', { fileCache: true }],
    ['fileCache.directory', { fileCache: { key: passphrase } }],
    ['fileCache.key', { fileCache: { directory: 'cache', key: '' } }],
    ['fileCache.key', { fileCache: { directory: 'cache', key: Buffer.from(passphrase) } }],
  ])('%s in %j', async (setting, options) => {
    const error = await refusal({ options });
    expect(error).toBeInstanceOf(ConfigurationError);
    expect((error as ConfigurationError).problems.map((problem) => problem.setting)).toEqual([setting]);
    expect(inspect(error)).not.toContain(passphrase);
  });

  it('every problem is in one error, those of the settings too', async () => {
    const error = await refusal({
      settings: { rotation_interval: 'often' },
      options: { expiredKeyWaitMs: -1, refresh: { jitterMs: -1 }, configFile: '/does/not/exist' },
    });
    expect((error as ConfigurationError).problems.map(({ setting }) => setting)).toEqual([
      'expiredKeyWaitMs',
      'refresh.jitterMs',
      'configFile',
      'rotation_interval (ConfigService)',
    ]);
  });

  it('zero turns off waiting, delay and jitter, and thirty days are an interval', async () => {
    const app = await startApp(cloud, {
      clients: [testAcsClient(cloud)],
      options: {
        expiredKeyWaitMs: 0,
        kms: { hedgeDelayMs: 0 },
        refresh: { rotationIntervalMs: 30 * 24 * 3_600_000, delayIntervalMs: 0, jitterMs: 0 },
      },
    });
    expect(app.get(ManagedCredentialsService).status()).toMatchObject([{ state: 'fresh' }]);
    await app.close();
  });

  it.each([
    ['nothing', undefined],
    ['a string', 'options'],
  ])('a factory that makes %s', async (_what, made) => {
    const error = await refusal({
      imports: [ManagedCredentialsModule.forRootAsync({ useFactory: () => made as unknown as object })],
    });
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(String(error)).toContain('factory of forRootAsync()');
  });

  it('clients that a factory makes, as they would be ignored there', async () => {
    const error = await refusal({
      imports: [ManagedCredentialsModule.forRootAsync({ useFactory: () => ({ clients: [] }) as object })],
    });
    expect(String(error)).toContain('clients: comes out of a factory. Put it beside "useFactory"');
  });
});

describe('client definitions are checked:', () => {
  const usual = { endpoint: 'https://ecs.cn-hangzhou.aliyuncs.com', apiVersion: '2014-05-26' };

  it('each without a secret name is named, and whatever is no definition', () => {
    const missing = process.env['NO_SUCH_VARIABLE'] as string;
    const clients = [acsClient(missing, usual), roaClient(' ', usual), null, {}] as ManagedClientDefinition[];
    for (const define of [
      () => ManagedCredentialsModule.forRoot({ clients }),
      () => ManagedCredentialsModule.forFeature(clients),
    ]) {
      expect(define).toThrow(ConfigurationError);
      expect(define).toThrow(
        /4 problems.*clients\[0\] \(acs\).*clients\[1\] \(roa\).*clients\[2\].*clients\[3\]/s,
      );
    }
    const single = acsClient('acs-secret', usual) as unknown as ManagedClientDefinition[];
    expect(() => ManagedCredentialsModule.forRoot({ clients: single })).toThrow('clients: is no array');
  });

  it.each<[what: string, options: object, message: string]>([
    ['no endpoint', { ...usual, endpoint: undefined }, '"endpoint" is no URL'],
    ['an endpoint without a scheme', { ...usual, endpoint: 'ecs.aliyuncs.com' }, '"endpoint" is no URL'],
    ['no API version', { ...usual, apiVersion: undefined }, '"apiVersion" is missing'],
    ['a factory that makes nothing', { useFactory: () => undefined }, 'its useFactory() has made no options'],
  ])('an ACS or ROA client with %s', async (_what, options, message) => {
    for (const define of [acsClient, roaClient]) {
      const error = await refusal({ clients: [define('acs-secret', options as typeof usual)] });
      expect(error).toBeInstanceOf(InvalidClientOptionsError);
      expect(error).toMatchObject({ code: 'InvalidClientOptions', secretName: 'acs-secret' });
      expect(String(error)).toContain(`The client of secret "acs-secret" cannot be made: ${message}`);
    }
  });
});
