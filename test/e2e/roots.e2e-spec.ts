import { describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import {
  InjectAcsClient,
  ManagedCredentialsModule,
  ProxyAcsClient,
  type ManagedCredentialsOptionsFactory,
} from 'nestjs-aliyun-managed-credentials';

import { partsOf, testAcsClient } from '../support/app-fixture.js';
import { cloudSuite } from '../support/cloud-suite.js';

const suite = cloudSuite(['acs-secret']);

describe('forRootAsync', () => {
  @Injectable()
  class Options implements ManagedCredentialsOptionsFactory {
    createManagedCredentialsOptions() {
      return {
        kms: { dedicated: JSON.parse(suite.cloud.env['cache_client_dkms_config_info'] ?? '') as never },
      };
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
          clients: [testAcsClient(suite.cloud)],
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
    const first = await suite.start({ clients: [testAcsClient(suite.cloud)] });
    const second = await suite.start({ clients: [testAcsClient(suite.cloud)] });
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
    const root = () =>
      ManagedCredentialsModule.forRoot({ isGlobal: false, clients: [testAcsClient(suite.cloud)] });
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
        ConfigModule.forRoot({ ignoreEnvFile: true, load: [() => suite.cloud.env] }),
        FirstModule,
        SecondModule,
      ],
    }).compile();
    suite.closeLater(app);
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
