import { describe, expect, it, jest } from '@jest/globals';
import { Injectable, Module, Scope } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import {
  acsClient,
  AK_EXPIRE_HANDLER,
  type AcsClientOptions,
  type AkExpireContext,
  type AkExpireHandler,
} from 'nestjs-aliyun-managed-credentials';

import { partsOf, testAcsClient, testOssClient } from '../support/app-fixture.js';
import { cloudSuite } from '../support/cloud-suite.js';
import { RecordingLogger } from '../support/recording-logger.js';

const suite = cloudSuite(['acs-secret', 'oss-secret']);

describe('the AK expire handler', () => {
  const LEFT = { status: 400, code: 'Custom.KeyLeft' };

  @Injectable()
  class Names {
    readonly code = 'Custom.KeyLeft';
  }
  @Injectable()
  class CustomHandler implements AkExpireHandler {
    readonly asked: AkExpireContext[] = [];
    constructor(readonly names: Names) {}
    judgeAkExpire(error: unknown, context: AkExpireContext): boolean {
      this.asked.push(context);
      return (error as { code?: string }).code === this.names.code;
    }
  }

  /** Lets the cloud refuse the next call by a code of its own, which only a custom handler knows. */
  async function callSurvives(app: TestingModule): Promise<boolean> {
    suite.cloud.fail('openapi', LEFT);
    suite.cloud.rotate('acs-secret');
    return partsOf(app)
      .acs()
      .request('DescribeRegions', {})
      .then(
        () => true,
        () => false,
      );
  }

  it('by default does not know codes of others', async () => {
    expect(await callSurvives(await suite.start({ clients: [testAcsClient(suite.cloud)] }))).toBe(false);
  });

  it('is taken from a provider of the application, and asked with secret and SDK', async () => {
    const app = await suite.start({
      clients: [testAcsClient(suite.cloud)],
      providers: [Names, CustomHandler, { provide: AK_EXPIRE_HANDLER, useExisting: CustomHandler }],
    });
    expect(await callSurvives(app)).toBe(true);
    expect(app.get(CustomHandler).asked).toEqual([{ secretName: 'acs-secret', sdk: 'acs' }]);
  });

  it('is taken from a module with dependencies of its own that is not global', async () => {
    @Module({ providers: [Names, { provide: AK_EXPIRE_HANDLER, useClass: CustomHandler }] })
    class HandlerModule {}
    expect(
      await callSurvives(
        await suite.start({ clients: [testAcsClient(suite.cloud)], imports: [HandlerModule] }),
      ),
    ).toBe(true);
  });

  it('is taken from the option, as an instance', async () => {
    const akExpireHandler = new CustomHandler(new Names());
    expect(
      await callSurvives(
        await suite.start({ clients: [testAcsClient(suite.cloud)], options: { akExpireHandler } }),
      ),
    ).toBe(true);
  });

  it('is taken from the option, as a class with injected dependencies', async () => {
    @Module({ providers: [Names], exports: [Names] })
    class NamesModule {}
    const app = await suite.start({
      clients: [testAcsClient(suite.cloud)],
      imports: [{ module: NamesModule, global: true }],
      options: { akExpireHandler: CustomHandler },
    });
    expect(await callSurvives(app)).toBe(true);
  });

  it('of a client comes before that of the module, which comes before that of the application', async () => {
    const never = { judgeAkExpire: () => false };
    const always = new CustomHandler(new Names());
    const provided = { provide: AK_EXPIRE_HANDLER, useValue: never };
    const ofClient = testAcsClient(suite.cloud, 'acs-secret', { akExpireHandler: always });
    expect(
      await callSurvives(
        await suite.start({
          clients: [ofClient],
          options: { akExpireHandler: never },
          providers: [provided],
        }),
      ),
    ).toBe(true);
    expect(
      await callSurvives(
        await suite.start({
          clients: [testAcsClient(suite.cloud)],
          options: { akExpireHandler: always },
          providers: [provided],
        }),
      ),
    ).toBe(true);
  });

  it.each([
    ['values', (options: AcsClientOptions) => options],
    ['a factory', (options: AcsClientOptions) => ({ useFactory: () => options })],
  ])(
    'of a client is a class that is injected from what the client imports, beside %s',
    async (_kind, how) => {
      @Module({ providers: [Names], exports: [Names] })
      class NamesModule {}
      const options = { endpoint: suite.cloud.endpoints.openapi, apiVersion: '2014-05-26' };
      const own = { imports: [NamesModule], akExpireHandler: CustomHandler };
      const definition = acsClient('acs-secret', { ...how(options), ...own });
      expect(await callSurvives(await suite.start({ clients: [definition] }))).toBe(true);
    },
  );

  it.each([
    ['nothing', {}],
    ['a provider', { providers: [{ provide: AK_EXPIRE_HANDLER, useValue: { judgeAkExpire: () => false } }] }],
    ['the option', { options: { akExpireHandler: { judgeAkExpire: () => false } } }],
  ])('can be overridden in a test that has %s', async (_kind, parts) => {
    const app = await suite.start({
      ...parts,
      clients: [testAcsClient(suite.cloud)],
      override: (builder) =>
        builder.overrideProvider(AK_EXPIRE_HANDLER).useValue(new CustomHandler(new Names())),
    });
    expect(await callSurvives(app)).toBe(true);
  });

  it('provided twice is an error that names both modules', async () => {
    const provided = { provide: AK_EXPIRE_HANDLER, useValue: { judgeAkExpire: () => false } };
    @Module({ providers: [provided] })
    class OneModule {}
    @Module({ providers: [provided] })
    class OtherModule {}
    await expect(
      suite.start({ clients: [testAcsClient(suite.cloud)], imports: [OneModule, OtherModule] }),
    ).rejects.toThrow(/AK_EXPIRE_HANDLER is provided twice, in OneModule and in OtherModule/);
  });

  it.each([
    ['something else', { provide: AK_EXPIRE_HANDLER, useValue: {} }, /has no method judgeAkExpire/],
    [
      'a request-scoped one',
      {
        provide: AK_EXPIRE_HANDLER,
        scope: Scope.REQUEST,
        useFactory: () => ({ judgeAkExpire: () => false }),
      },
      /is request-scoped/,
    ],
  ])('that is %s is refused', async (_kind, provided, message) => {
    await expect(
      suite.start({ clients: [testAcsClient(suite.cloud)], providers: [provided] }),
    ).rejects.toThrow(message);
  });

  it('that throws hides nothing: the error of the SDK is thrown, and a warning logged', async () => {
    const logger = new RecordingLogger();
    const app = await suite.start({
      logger,
      clients: [testAcsClient(suite.cloud)],
      options: {
        akExpireHandler: {
          judgeAkExpire: () => {
            throw new TypeError('broken handler');
          },
        },
      },
    });
    suite.cloud.fail('openapi', LEFT);
    await expect(partsOf(app).acs().request('DescribeRegions', {})).rejects.toMatchObject({
      code: LEFT.code,
    });
    expect(logger.lines.join('\n')).toMatch(/warn: The AK expire handler threw .*acs.*acs-secret.*TypeError/);
  });

  it('that answers a promise counts as one that threw, and its rejection ends no process', async () => {
    const logger = new RecordingLogger();
    const judgeAkExpire = (() => Promise.reject(new Error('broken'))) as unknown as () => boolean;
    const app = await suite.start({
      logger,
      clients: [testAcsClient(suite.cloud)],
      options: { akExpireHandler: { judgeAkExpire } },
    });
    suite.cloud.fail('openapi', LEFT);
    await expect(partsOf(app).acs().request('DescribeRegions', {})).rejects.toMatchObject({
      code: LEFT.code,
    });
    expect(logger.lines.join('\n')).toMatch(/warn: The AK expire handler threw .*\(AsyncAkExpireHandler\)/);
    expect(suite.cloud.requests('openapi')).toHaveLength(1);
  });

  it('is not asked when no server answered', async () => {
    const judgeAkExpire = jest.fn(() => true);
    const app = await suite.start({
      clients: [testAcsClient(suite.cloud), testOssClient(suite.cloud)],
      options: { akExpireHandler: { judgeAkExpire } },
    });
    suite.cloud.fail('openapi', 'drop');
    suite.cloud.fail('oss', 'drop');
    await expect(partsOf(app).acs().request('DescribeRegions', {})).rejects.toBeDefined();
    await expect(partsOf(app).oss().head('x')).rejects.toBeDefined();
    expect(judgeAkExpire).not.toHaveBeenCalled();
  });
});
