import { describe, expect, it } from '@jest/globals';
import { Injectable, Module, Scope } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { ContextIdFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import {
  acsClient,
  getAcsClientToken,
  getOssClientToken,
  InjectAcsClient,
  InjectManagedClient,
  InjectOssClient,
  managedClient,
  ManagedCredentialsModule,
  ProxyAcsClient,
  ProxyOssClient,
  type ManagedClientContext,
} from 'nestjs-aliyun-managed-credentials';

import { buildApp, partsOf, testAcsClient, testOssClient } from '../support/app-fixture.js';
import { cloudSuite } from '../support/cloud-suite.js';

const suite = cloudSuite(['acs-secret', 'oss-secret', 'third-secret']);

describe('clients', () => {
  it('are injected by decorators, as the classes they are', async () => {
    @Injectable()
    class Inventory {
      constructor(
        @InjectAcsClient('acs-secret') readonly ecs: ProxyAcsClient,
        @InjectOssClient('oss-secret') readonly oss: ProxyOssClient,
      ) {}
    }
    const app = await suite.start({
      clients: [testAcsClient(suite.cloud), testOssClient(suite.cloud)],
      providers: [Inventory],
    });
    const { ecs, oss } = app.get(Inventory);
    expect(ecs).toBeInstanceOf(ProxyAcsClient);
    expect(oss).toBeInstanceOf(ProxyOssClient);
    await expect(ecs.request('DescribeRegions', {})).resolves.toHaveProperty('Regions');
  });

  it('of one secret are told apart by name', async () => {
    const app = await suite.start({
      clients: [
        testAcsClient(suite.cloud),
        testAcsClient(suite.cloud, 'acs-secret', { name: 'second', apiVersion: '2020-01-01' }),
      ],
    });
    const second = app.get<ProxyAcsClient>(getAcsClientToken('acs-secret', 'second'));
    expect(second.apiVersion).toBe('2020-01-01');
    expect(app.get<ProxyAcsClient>(getAcsClientToken('acs-secret')).apiVersion).toBe('2014-05-26');
  });

  it('are told apart by name beside a factory, too', async () => {
    const useFactory = () => ({ endpoint: suite.cloud.endpoints.openapi, apiVersion: '2020-01-01' });
    const app = await suite.start({
      clients: [testAcsClient(suite.cloud), acsClient('acs-secret', { name: 'second', useFactory })],
    });
    const second = app.get<ProxyAcsClient>(getAcsClientToken('acs-secret', 'second'));
    expect(second.apiVersion).toBe('2020-01-01');
    expect(partsOf(app).acs().apiVersion).toBe('2014-05-26');
  });

  it('take their options from a factory with injected providers', async () => {
    const app = await suite.start({
      settings: { ENDPOINT: suite.cloud.endpoints.openapi },
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
      imports: [ManagedCredentialsModule.forRoot({ clients: [testOssClient(suite.cloud)] })],
    })
      .overrideProvider(getOssClientToken('oss-secret'))
      .useValue({ put: () => 'faked' })
      .compile();
    await app.init();
    expect(app.get<{ put(): string }>(getOssClientToken('oss-secret')).put()).toBe('faked');
    await app.close();
  });

  it('under one token are refused, with both named', async () => {
    await expect(
      buildApp(suite.cloud, { clients: [testAcsClient(suite.cloud), testAcsClient(suite.cloud)] }),
    ).rejects.toThrow(
      /Two clients are defined under the token .*the acs client of secret "acs-secret" and the acs client of secret "acs-secret"/,
    );
    await expect(
      buildApp(suite.cloud, {
        clients: [testAcsClient(suite.cloud)],
        imports: [ManagedCredentialsModule.forFeature([testAcsClient(suite.cloud)])],
      }),
    ).rejects.toThrow(/Two clients are defined/);
  });

  it('of two secrets under one class as their token are refused, with both named', async () => {
    class Queue {
      readonly isOpen = true;
    }
    const queue = (secretName: string) =>
      managedClient({ token: Queue, secretName, create: () => new Queue() });
    await expect(
      buildApp(suite.cloud, { clients: [queue('acs-secret'), queue('third-secret')] }),
    ).rejects.toThrow(
      /under the token Queue: the custom client of secret "acs-secret" and the custom client of secret "third-secret"/,
    );
  });

  it('are the same in all request-scoped consumers', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Consumer {
      constructor(@InjectAcsClient('acs-secret') readonly client: ProxyAcsClient) {}
    }
    const app = await suite.start({ clients: [testAcsClient(suite.cloud)], providers: [Consumer] });
    const one = await app.resolve(Consumer, ContextIdFactory.create());
    const other = await app.resolve(Consumer, ContextIdFactory.create());
    expect(one).not.toBe(other);
    expect(one.client).toBe(other.client);
    await expect(one.client.request('DescribeRegions', {})).resolves.toBeDefined();
  });

  it('whose options depend on the request are refused, as each request would make new ones', async () => {
    const tenant = { provide: 'TENANT', scope: Scope.REQUEST, useFactory: () => 'one' };
    @Module({ providers: [tenant], exports: ['TENANT'] })
    class TenantModule {}
    const definition = acsClient('acs-secret', {
      imports: [TenantModule],
      inject: ['TENANT'],
      useFactory: () => ({ endpoint: suite.cloud.endpoints.openapi, apiVersion: '2014-05-26' }),
    });
    await expect(suite.start({ clients: [definition] })).rejects.toMatchObject({
      code: 'RequestScopedClient',
      message: expect.stringContaining('The acs client of secret "acs-secret" would be made anew'),
    });
  });

  it('of any SDK can be defined by hand, and get the same behavior', async () => {
    class HandMade {
      closed = false;
      constructor(readonly context: ManagedClientContext) {}
      call = () =>
        this.context.retryOnExpiredKey(async ({ accessKeyId }) => {
          if (accessKeyId !== suite.cloud.secret('third-secret').accessKeyId) {
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
    const app = await suite.start({ clients: [definition], providers: [Consumer] });
    const { client } = app.get(Consumer);
    expect(client.context.current().accessKeyId).toBe(await client.call());
    const { accessKeyId } = suite.cloud.emergencyRotate('third-secret');
    expect(await client.call()).toBe(accessKeyId);
    await expect(client.context.credentials.getCredentials()).resolves.toMatchObject({ accessKeyId });
    await app.close();
    expect(client.closed).toBe(true);
    await expect(client.call()).rejects.toMatchObject({ code: 'Closed' });
    expect(() => client.context.current()).toThrow(/been closed/);
  });
});

describe('the client that was asked for by a provider while the application is being built', () => {
  it('fetches its key on demand', async () => {
    const app = await suite.start({
      clients: [testAcsClient(suite.cloud)],
      providers: [
        {
          provide: 'EARLY',
          inject: [getAcsClientToken('acs-secret'), { token: 'unused', optional: true }],
          useFactory: async (acs: ProxyAcsClient) => acs.request('DescribeRegions', {}),
        },
      ],
    });
    expect(app.get('EARLY')).toHaveProperty('Regions');
    expect(suite.cloud.requests('dedicatedKms')).toHaveLength(1);
  });
});
