import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Injectable, Module, Scope } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { Interval, ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  AK_EXPIRE_HANDLER,
  acsClient,
  getAcsClientToken,
  getOssClientToken,
  InjectAcsClient,
  InjectManagedClient,
  InjectOssClient,
  managedClient,
  ManagedCredentialsModule,
  ManagedCredentialsService,
  ProxyAcsClient,
  ProxyOssClient,
  SecretRefreshService,
  type AkExpireContext,
  type AkExpireHandler,
  type ManagedClientContext,
  type ManagedCredentialsOptionsFactory,
} from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { buildApp, partsOf, startApp, testAcsClient, testOssClient } from '../support/app-fixture.js';
import { RecordingLogger } from '../support/recording-logger.js';

let cloud: AlibabaCloudEmulator;
const apps: TestingModule[] = [];

async function start(...[parts]: [Parameters<typeof startApp>[1]?]) {
  const app = await startApp(cloud, parts);
  apps.push(app);
  return app;
}

beforeAll(async () => {
  cloud = await AlibabaCloudEmulator.start({ secrets: ['acs-secret', 'oss-secret', 'third-secret'] });
});
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
  cloud.clearFaults();
  cloud.clearRequests();
});
afterAll(() => cloud.stop());

describe('clients', () => {
  it('are injected by decorators, as the classes they are', async () => {
    @Injectable()
    class Inventory {
      constructor(
        @InjectAcsClient('acs-secret') readonly ecs: ProxyAcsClient,
        @InjectOssClient('oss-secret') readonly oss: ProxyOssClient,
      ) {}
    }
    const app = await start({
      clients: [testAcsClient(cloud), testOssClient(cloud)],
      providers: [Inventory],
    });
    const { ecs, oss } = app.get(Inventory);
    expect(ecs).toBeInstanceOf(ProxyAcsClient);
    expect(oss).toBeInstanceOf(ProxyOssClient);
    await expect(ecs.request('DescribeRegions', {})).resolves.toHaveProperty('Regions');
  });

  it('of one secret are told apart by name', async () => {
    const app = await start({
      clients: [
        testAcsClient(cloud),
        testAcsClient(cloud, 'acs-secret', { name: 'second', apiVersion: '2020-01-01' }),
      ],
    });
    const second = app.get<ProxyAcsClient>(getAcsClientToken('acs-secret', 'second'));
    expect(second.apiVersion).toBe('2020-01-01');
    expect(app.get<ProxyAcsClient>(getAcsClientToken('acs-secret')).apiVersion).toBe('2014-05-26');
  });

  it('take their options from a factory with injected providers', async () => {
    const app = await start({
      settings: { ENDPOINT: cloud.endpoints.openapi },
      clients: [
        acsClient('acs-secret', {
          inject: [ConfigService],
          useFactory: (config: ConfigService) => ({
            endpoint: config.getOrThrow('ENDPOINT'),
            apiVersion: '2014-05-26',
          }),
        }),
      ],
    });
    await expect(partsOf(app).acs().request('DescribeRegions', {})).resolves.toBeDefined();
  });

  it('can be replaced in a test, which then needs no KMS', async () => {
    const app = await Test.createTestingModule({
      imports: [ManagedCredentialsModule.forRoot({ clients: [testOssClient(cloud)] })],
    })
      .overrideProvider(getOssClientToken('oss-secret'))
      .useValue({ put: () => 'faked' })
      .compile();
    await app.init();
    expect(app.get<{ put(): string }>(getOssClientToken('oss-secret')).put()).toBe('faked');
    await app.close();
  });

  it('under one token are refused, with both named', async () => {
    await expect(buildApp(cloud, { clients: [testAcsClient(cloud), testAcsClient(cloud)] })).rejects.toThrow(
      /Two clients are defined under the token .*the acs client of secret "acs-secret" and the acs client of secret "acs-secret"/,
    );
    await expect(
      buildApp(cloud, {
        clients: [testAcsClient(cloud)],
        imports: [ManagedCredentialsModule.forFeature([testAcsClient(cloud)])],
      }),
    ).rejects.toThrow(/Two clients are defined/);
  });

  it('of any SDK can be defined by hand, and get the same behavior', async () => {
    class HandMade {
      closed = false;
      constructor(readonly context: ManagedClientContext) {}
      call = () =>
        this.context.retryOnExpiredKey(async ({ accessKeyId }) => {
          if (accessKeyId !== cloud.secret('third-secret').accessKeyId) {
            throw Object.assign(new Error('refused'), { code: 'InvalidAccessKeyId' });
          }
          return accessKeyId;
        });
    }
    const definition = managedClient({
      token: 'HAND_MADE',
      secretName: 'third-secret',
      create: async (context) => new HandMade(context),
      close: (client) => {
        client.closed = true;
      },
    });
    @Injectable()
    class Consumer {
      constructor(@InjectManagedClient('HAND_MADE') readonly client: HandMade) {}
    }
    const app = await start({ clients: [definition], providers: [Consumer] });
    const { client } = app.get(Consumer);
    expect(client.context.current().accessKeyId).toBe(await client.call());
    const { accessKeyId } = cloud.emergencyRotate('third-secret');
    expect(await client.call()).toBe(accessKeyId);
    await expect(client.context.credentials.getCredentials()).resolves.toMatchObject({ accessKeyId });
    await app.close();
    expect(client.closed).toBe(true);
    await expect(client.call()).rejects.toMatchObject({ code: 'Closed' });
    expect(() => client.context.current()).toThrow(/been closed/);
  });

  it('made by forFeature are seen where it is imported', async () => {
    @Injectable()
    class Consumer {
      constructor(@InjectAcsClient('third-secret') readonly client: ProxyAcsClient) {}
    }
    @Module({
      imports: [ManagedCredentialsModule.forFeature([testAcsClient(cloud, 'third-secret')])],
      providers: [Consumer],
    })
    class FeatureModule {}
    const app = await start({ clients: [testAcsClient(cloud)], imports: [FeatureModule] });
    await expect(
      app.get(Consumer, { strict: false }).client.request('DescribeRegions', {}),
    ).resolves.toBeDefined();
    expect(app.get(ManagedCredentialsService).peek('third-secret')).toBeDefined();
  });

  it('made by forFeature without forRoot give an error that says so', async () => {
    await expect(
      Test.createTestingModule({
        imports: [ManagedCredentialsModule.forFeature([testAcsClient(cloud)])],
      }).compile(),
    ).rejects.toThrow(/needs ManagedCredentialsModule.forRoot\(\)/);
  });
});

describe('forRootAsync', () => {
  @Injectable()
  class Options implements ManagedCredentialsOptionsFactory {
    createManagedCredentialsOptions() {
      return { kms: { dedicated: JSON.parse(cloud.env['cache_client_dkms_config_info'] ?? '') as never } };
    }
  }
  @Module({ providers: [Options], exports: [Options] })
  class OptionsModule {}

  it.each([
    [
      'useFactory',
      { inject: [Options], useFactory: (options: Options) => options.createManagedCredentialsOptions() },
    ],
    ['useClass', { useClass: Options }],
    ['useExisting', { useExisting: Options }],
  ])('takes %s', async (_kind, how) => {
    const app = await Test.createTestingModule({
      imports: [
        ManagedCredentialsModule.forRootAsync({
          imports: [OptionsModule],
          ...how,
          clients: [testAcsClient(cloud)],
        }),
      ],
    }).compile();
    await app.init();
    await expect(partsOf(app).acs().request('DescribeRegions', {})).resolves.toBeDefined();
    await app.close();
  });
});

describe('several roots in one process', () => {
  it('are independent: one can be closed, and the other goes on', async () => {
    const first = await start({ clients: [testAcsClient(cloud)] });
    const second = await start({ clients: [testAcsClient(cloud)] });
    await first.close();
    await expect(partsOf(first).acs().request('DescribeRegions', {})).rejects.toMatchObject({
      code: 'Closed',
    });
    await expect(partsOf(second).acs().request('DescribeRegions', {})).resolves.toBeDefined();
  });

  it('can be imported by one application, each for its own modules', async () => {
    @Injectable()
    class Consumer {
      constructor(@InjectAcsClient('acs-secret') readonly client: ProxyAcsClient) {}
    }
    const root = () => ManagedCredentialsModule.forRoot({ isGlobal: false, clients: [testAcsClient(cloud)] });
    @Module({ imports: [root()], providers: [Consumer], exports: [Consumer] })
    class FirstModule {}
    @Module({
      imports: [root()],
      providers: [{ provide: 'SECOND', useClass: Consumer }],
      exports: ['SECOND'],
    })
    class SecondModule {}
    const app = await Test.createTestingModule({
      imports: [
        ScheduleModule.forRoot(),
        ConfigModule.forRoot({ ignoreEnvFile: true, load: [() => cloud.env] }),
        FirstModule,
        SecondModule,
      ],
    }).compile();
    apps.push(app);
    await app.init();
    const first = app.get(Consumer).client;
    const second = app.get<Consumer>('SECOND').client;
    expect(first).not.toBe(second);
    await Promise.all([first.request('DescribeRegions', {}), second.request('DescribeRegions', {})]);
    expect(app.get(SchedulerRegistry).getTimeouts().toSorted()).toEqual([
      'managed-credentials:acs-secret',
      'managed-credentials:acs-secret#2',
    ]);
  });
});

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
    cloud.fail('openapi', LEFT);
    cloud.rotate('acs-secret');
    return partsOf(app)
      .acs()
      .request('DescribeRegions', {})
      .then(
        () => true,
        () => false,
      );
  }

  it('by default does not know codes of others', async () => {
    expect(await callSurvives(await start({ clients: [testAcsClient(cloud)] }))).toBe(false);
  });

  it('is taken from a provider of the application, and asked with secret and SDK', async () => {
    const app = await start({
      clients: [testAcsClient(cloud)],
      providers: [Names, CustomHandler, { provide: AK_EXPIRE_HANDLER, useExisting: CustomHandler }],
    });
    expect(await callSurvives(app)).toBe(true);
    expect(app.get(CustomHandler).asked).toEqual([{ secretName: 'acs-secret', sdk: 'acs' }]);
  });

  it('is taken from a module with dependencies of its own that is not global', async () => {
    @Module({ providers: [Names, { provide: AK_EXPIRE_HANDLER, useClass: CustomHandler }] })
    class HandlerModule {}
    expect(
      await callSurvives(await start({ clients: [testAcsClient(cloud)], imports: [HandlerModule] })),
    ).toBe(true);
  });

  it('is taken from the option, as an instance', async () => {
    const akExpireHandler = new CustomHandler(new Names());
    expect(
      await callSurvives(await start({ clients: [testAcsClient(cloud)], options: { akExpireHandler } })),
    ).toBe(true);
  });

  it('is taken from the option, as a class with injected dependencies', async () => {
    @Module({ providers: [Names], exports: [Names] })
    class NamesModule {}
    const app = await start({
      clients: [testAcsClient(cloud)],
      imports: [{ module: NamesModule, global: true }],
      options: { akExpireHandler: CustomHandler },
    });
    expect(await callSurvives(app)).toBe(true);
  });

  it('of a client comes before that of the module, which comes before that of the application', async () => {
    const never = { judgeAkExpire: () => false };
    const always = new CustomHandler(new Names());
    const provided = { provide: AK_EXPIRE_HANDLER, useValue: never };
    const ofClient = testAcsClient(cloud, 'acs-secret', { akExpireHandler: always });
    expect(
      await callSurvives(
        await start({ clients: [ofClient], options: { akExpireHandler: never }, providers: [provided] }),
      ),
    ).toBe(true);
    expect(
      await callSurvives(
        await start({
          clients: [testAcsClient(cloud)],
          options: { akExpireHandler: always },
          providers: [provided],
        }),
      ),
    ).toBe(true);
  });

  it.each([
    ['nothing', {}],
    ['a provider', { providers: [{ provide: AK_EXPIRE_HANDLER, useValue: { judgeAkExpire: () => false } }] }],
    ['the option', { options: { akExpireHandler: { judgeAkExpire: () => false } } }],
  ])('can be overridden in a test that has %s', async (_kind, parts) => {
    const app = await start({
      ...parts,
      clients: [testAcsClient(cloud)],
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
      start({ clients: [testAcsClient(cloud)], imports: [OneModule, OtherModule] }),
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
    await expect(start({ clients: [testAcsClient(cloud)], providers: [provided] })).rejects.toThrow(message);
  });

  it('that throws hides nothing: the error of the SDK is thrown, and a warning logged', async () => {
    const logger = new RecordingLogger();
    const app = await start({
      logger,
      clients: [testAcsClient(cloud)],
      options: {
        akExpireHandler: {
          judgeAkExpire: () => {
            throw new TypeError('broken handler');
          },
        },
      },
    });
    cloud.fail('openapi', LEFT);
    await expect(partsOf(app).acs().request('DescribeRegions', {})).rejects.toMatchObject({
      code: LEFT.code,
    });
    expect(logger.lines.join('\n')).toMatch(/warn: The AK expire handler threw .*acs.*acs-secret.*TypeError/);
  });

  it('is not asked when no server answered', async () => {
    const judgeAkExpire = jest.fn(() => true);
    const app = await start({
      clients: [testAcsClient(cloud), testOssClient(cloud)],
      options: { akExpireHandler: { judgeAkExpire } },
    });
    cloud.fail('openapi', 'drop');
    cloud.fail('oss', 'drop');
    await expect(partsOf(app).acs().request('DescribeRegions', {})).rejects.toBeDefined();
    await expect(partsOf(app).oss().head('x')).rejects.toBeDefined();
    expect(judgeAkExpire).not.toHaveBeenCalled();
  });
});

describe('the services', () => {
  it('give credentials, peek, refresh, provider and status', async () => {
    const app = await start({ clients: [testAcsClient(cloud)] });
    const service = app.get(ManagedCredentialsService);
    const info = cloud.secret('acs-secret');
    await expect(service.getCredentials('acs-secret')).resolves.toMatchObject({
      accessKeyId: info.accessKeyId,
      accessKeySecret: info.accessKeySecret,
      versionId: info.versionId,
    });
    expect(service.peek('acs-secret')?.versionId).toBe(info.versionId);
    expect(service.peek('never-asked-for')).toBeUndefined();
    await expect(service.provider('acs-secret').getCredentials()).resolves.toBe(service.peek('acs-secret'));
    const [row] = service.status();
    expect(row).toMatchObject({ secretName: 'acs-secret', state: 'fresh', versionId: info.versionId });
    expect(row?.accessKeyId).toBe(`${info.accessKeyId.slice(0, 4)}****${info.accessKeyId.slice(-4)}`);
    expect(row?.nextRefreshAt).toBeGreaterThan(Date.now());
    expect(app.get(SecretRefreshService).nextRefreshAt('acs-secret')).toBe(row?.nextRefreshAt);
  });

  it('refuse a refresh that fails, whatever is cached', async () => {
    const app = await start({ clients: [testAcsClient(cloud)] });
    cloud.fail('dedicatedKms', { status: 403, code: 'Forbidden.NoPermission' });
    await expect(app.get(ManagedCredentialsService).refresh('acs-secret')).rejects.toMatchObject({
      name: 'KmsError',
      code: 'Forbidden.NoPermission',
      secretName: 'acs-secret',
    });
  });

  it('report events to an Observable that completes at shutdown', async () => {
    const app = await start({ clients: [testAcsClient(cloud)] });
    const types: string[] = [];
    const completed = new Promise<void>((resolve) => {
      app
        .get(ManagedCredentialsService)
        .events.subscribe({ next: ({ type }) => types.push(type), complete: resolve });
    });
    cloud.emergencyRotate('acs-secret');
    await partsOf(app).acs().request('DescribeRegions', {});
    await app.close();
    await completed;
    expect(types).toEqual(['keyExpired', 'kmsRequest', 'rotated', 'refreshed', 'callRetried', 'closed']);
  });

  it('log a rotation in one line, with masked keys', async () => {
    const logger = new RecordingLogger();
    const app = await start({ logger, clients: [testAcsClient(cloud)] });
    const before = cloud.secret('acs-secret');
    const after = cloud.rotate('acs-secret');
    await app.get(SecretRefreshService).refreshNow('acs-secret');
    expect(logger.lines.filter((line) => line.includes('rotated'))).toEqual([
      expect.stringMatching(
        `log: Secret "acs-secret" rotated from key LTAI.*${before.accessKeyId.slice(-4)} .* to key LTAI.*${after.accessKeyId.slice(-4)} .*${after.versionId}`,
      ),
    ]);
  });

  it('prewarm further secrets in the background; one that fails is a warning and tried again', async () => {
    const logger = new RecordingLogger();
    const app = await start({
      logger,
      clients: [testAcsClient(cloud)],
      settings: { secret_names: 'third-secret, no-such-secret' },
    });
    const service = app.get(ManagedCredentialsService);
    await expect(service.getCredentials('third-secret')).resolves.toBeDefined();
    await expect(service.getCredentials('no-such-secret')).rejects.toMatchObject({
      code: 'Forbidden.ResourceNotFound',
    });
    expect(logger.lines.join('\n')).toMatch(
      /warn: Secret "no-such-secret" could not be prewarmed and is tried again/,
    );
    expect(app.get(SecretRefreshService).nextRefreshAt('no-such-secret')).toBeLessThan(Date.now() + 5000);
  });

  it('fetch nothing at start-up when it is lazy', async () => {
    const app = await start({ clients: [testAcsClient(cloud)], options: { startup: 'lazy' } });
    expect(cloud.requests('dedicatedKms')).toHaveLength(0);
    await expect(partsOf(app).acs().request('DescribeRegions', {})).resolves.toBeDefined();
    expect(cloud.requests('dedicatedKms')).toHaveLength(1);
  });
});

describe("beside the application's own schedule", () => {
  const WINDOW_MS = 1000;

  async function ticksWith(imports: Parameters<typeof startApp>[1]) {
    @Injectable()
    class Ticker {
      ticks = 0;
      @Interval(100)
      tick() {
        this.ticks += 1;
      }
    }
    const app = await start({ ...imports, providers: [Ticker] });
    jest.advanceTimersByTime(WINDOW_MS);
    return { app, ticks: app.get(Ticker).ticks };
  }

  afterEach(() => {
    jest.useRealTimers();
  });

  it('@Interval fires as often as without us, and our timers are listed', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const { app, ticks } = await ticksWith({
      imports: [ScheduleModule.forRoot()],
      clients: [testAcsClient(cloud)],
      options: { startup: 'lazy' },
    });
    expect(ticks).toBe(WINDOW_MS / 100);
    jest.useRealTimers();
    await app.get(ManagedCredentialsService).getCredentials('acs-secret');
    expect(app.get(SchedulerRegistry).getTimeouts()).toEqual(['managed-credentials:acs-secret']);
    await app.close();
    expect(app.get(SchedulerRegistry).getTimeouts()).toEqual([]);
  });

  it('nothing fires, and nothing is missing, without a ScheduleModule', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const { app, ticks } = await ticksWith({ clients: [testAcsClient(cloud)], options: { startup: 'lazy' } });
    expect(ticks).toBe(0);
    jest.useRealTimers();
    await app.get(ManagedCredentialsService).getCredentials('acs-secret');
    expect(app.get(SecretRefreshService).nextRefreshAt('acs-secret')).toBeGreaterThan(Date.now());
  });
});

describe('the client that was asked for by a provider while the application is being built', () => {
  it('fetches its key on demand', async () => {
    const app = await start({
      clients: [testAcsClient(cloud)],
      providers: [
        {
          provide: 'EARLY',
          inject: [getAcsClientToken('acs-secret'), { token: 'unused', optional: true }],
          useFactory: async (acs: ProxyAcsClient) => acs.request('DescribeRegions', {}),
        },
      ],
    });
    expect(app.get('EARLY')).toHaveProperty('Regions');
    expect(cloud.requests('dedicatedKms')).toHaveLength(1);
  });
});
