import { describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  acsClient,
  getAcsClientToken,
  InjectAcsClient,
  ManagedCredentialsModule,
  ManagedCredentialsService,
  ProxyAcsClient,
} from 'nestjs-aliyun-managed-credentials';

import { testAcsClient } from '../support/app-fixture.js';
import { cloudSuite } from '../support/cloud-suite.js';

const suite = cloudSuite(['acs-secret', 'third-secret']);

@Injectable()
class Consumer {
  constructor(@InjectAcsClient('third-secret') readonly client: ProxyAcsClient) {}
}

@Injectable()
class SecondConsumer {
  constructor(@InjectAcsClient('third-secret', 'second') readonly client: ProxyAcsClient) {}
}

describe('clients made by forFeature', () => {
  it('are seen where it is imported, and their keys are fetched at start-up', async () => {
    @Module({
      imports: [ManagedCredentialsModule.forFeature([testAcsClient(suite.cloud, 'third-secret')])],
      providers: [Consumer],
    })
    class FeatureModule {}
    const app = await suite.start({ clients: [testAcsClient(suite.cloud)], imports: [FeatureModule] });
    expect(app.get(ManagedCredentialsService).peek('third-secret')).toBeDefined();
    const { client } = app.get(Consumer, { strict: false });
    await expect(client.request('DescribeRegions', {})).resolves.toBeDefined();
  });

  it('are not seen elsewhere', async () => {
    @Module({ imports: [ManagedCredentialsModule.forFeature([testAcsClient(suite.cloud, 'third-secret')])] })
    class FeatureModule {}
    await expect(suite.start({ imports: [FeatureModule], providers: [Consumer] })).rejects.toThrow(
      /can't resolve dependencies of the Consumer/,
    );
  });

  it('of one secret in two modules share its key', async () => {
    const second = testAcsClient(suite.cloud, 'third-secret', { name: 'second' });
    @Module({
      imports: [ManagedCredentialsModule.forFeature([testAcsClient(suite.cloud, 'third-secret')])],
      providers: [Consumer],
    })
    class OneModule {}
    @Module({ imports: [ManagedCredentialsModule.forFeature([second])], providers: [SecondConsumer] })
    class OtherModule {}
    const app = await suite.start({ imports: [OneModule, OtherModule] });
    const one = app.get(Consumer, { strict: false }).client;
    const other = app.get(SecondConsumer, { strict: false }).client;
    expect(one).not.toBe(other);
    await Promise.all([one.request('DescribeRegions', {}), other.request('DescribeRegions', {})]);
    expect(suite.cloud.requests('dedicatedKms')).toHaveLength(1);
  });

  it('are the same wherever one and the same forFeature() is imported or exported again', async () => {
    const feature = ManagedCredentialsModule.forFeature([testAcsClient(suite.cloud, 'third-secret')]);
    @Module({ imports: [feature], exports: [feature], providers: [Consumer] })
    class OneModule {}
    @Module({ imports: [OneModule], providers: [{ provide: 'OTHER', useClass: Consumer }] })
    class OtherModule {}
    const app = await suite.start({ imports: [OneModule, OtherModule] });
    expect(app.get<Consumer>('OTHER', { strict: false }).client).toBe(
      app.get(Consumer, { strict: false }).client,
    );
  });

  it('take their options from providers of modules that they import themselves', async () => {
    @Injectable()
    class Endpoints {
      readonly acs = suite.cloud.endpoints.openapi;
    }
    @Module({ providers: [Endpoints], exports: [Endpoints] })
    class EndpointsModule {}
    const definition = acsClient('third-secret', {
      name: 'second',
      imports: [EndpointsModule],
      inject: [Endpoints],
      useFactory: ({ acs }) => ({ endpoint: acs, apiVersion: '2014-05-26' }),
    });
    const app = await suite.start({ imports: [ManagedCredentialsModule.forFeature([definition])] });
    const client = app.get<ProxyAcsClient>(getAcsClientToken('third-secret', 'second'), { strict: false });
    await expect(client.request('DescribeRegions', {})).resolves.toBeDefined();
  });

  it('can be replaced in a test', async () => {
    const fake = { request: async () => 'faked' };
    const app = await suite.start({
      imports: [ManagedCredentialsModule.forFeature([testAcsClient(suite.cloud, 'third-secret')])],
      override: (builder) => builder.overrideProvider(getAcsClientToken('third-secret')).useValue(fake),
    });
    expect(app.get(getAcsClientToken('third-secret'), { strict: false })).toBe(fake);
    expect(suite.cloud.requests('dedicatedKms')).toHaveLength(0);
  });

  it('without forRoot give an error that says so', async () => {
    await expect(
      Test.createTestingModule({
        imports: [ManagedCredentialsModule.forFeature([testAcsClient(suite.cloud)])],
      }).compile(),
    ).rejects.toThrow(/needs ManagedCredentialsModule.forRoot\(\)/);
  });
});
