import { describe, expect, it } from '@jest/globals';
import { Injectable, Module } from '@nestjs/common';
import { LazyModuleLoader } from '@nestjs/core';
import {
  InjectAcsClient,
  ManagedCredentialsModule,
  ManagedCredentialsService,
  ProxyAcsClient,
} from 'nestjs-aliyun-managed-credentials';

import { testAcsClient, type AppParts } from '../support/app-fixture.js';
import { cloudSuite } from '../support/cloud-suite.js';
import { until } from '../support/poll.js';
import { RecordingLogger } from '../support/recording-logger.js';

const suite = cloudSuite(['acs-secret', 'lazy-secret']);

@Injectable()
class Consumer {
  constructor(@InjectAcsClient('lazy-secret') readonly client: ProxyAcsClient) {}
}

function lazyModule(secretName = 'lazy-secret') {
  @Module({
    imports: [ManagedCredentialsModule.forFeature([testAcsClient(suite.cloud, secretName)])],
    providers: secretName === 'lazy-secret' ? [Consumer] : [],
  })
  class LazyModule {}
  return LazyModule;
}

async function start(parts: AppParts = {}) {
  const app = await suite.start({ clients: [testAcsClient(suite.cloud)], ...parts });
  suite.cloud.clearRequests();
  return { app, loader: app.get(LazyModuleLoader), service: app.get(ManagedCredentialsService) };
}

describe('a module that is loaded lazily', () => {
  it('has the keys of its clients when it is loaded, and not before', async () => {
    const { loader, service } = await start();
    expect(service.peek('lazy-secret')).toBeUndefined();
    await loader.load(lazyModule);
    expect(service.peek('lazy-secret')).toBeDefined();
  });

  it('has clients that survive an emergency rotation, and are closed with the application', async () => {
    const { app, loader } = await start();
    const { client } = (await loader.load(lazyModule)).get(Consumer);
    suite.cloud.emergencyRotate('lazy-secret');
    await expect(client.request('DescribeRegions', {})).resolves.toBeDefined();
    await app.close();
    await expect(client.request('DescribeRegions', {})).rejects.toMatchObject({ code: 'Closed' });
  });

  it('is loaded although KMS is down, with a warning; its keys come once KMS is there', async () => {
    const logger = new RecordingLogger();
    const { loader, service } = await start({
      logger,
      options: { kms: { fetchTimeoutMs: 200 }, startupTimeoutMs: 300 },
    });
    suite.cloud.fail('dedicatedKms', { status: 503 }, Infinity);
    const { client } = (await loader.load(lazyModule)).get(Consumer);
    expect(logger.lines.join('\n')).toMatch(/warn: Secret "lazy-secret" could not be prewarmed/);
    suite.cloud.clearFaults();
    await until(() => service.peek('lazy-secret') !== undefined, 'the key is fetched in the background');
    await expect(client.request('DescribeRegions', {})).resolves.toBeDefined();
  });

  it('fetches nothing while it is loaded when start-up is lazy', async () => {
    const { loader } = await start({ options: { startup: 'lazy' } });
    await loader.load(lazyModule);
    expect(suite.cloud.requests('dedicatedKms')).toHaveLength(0);
  });

  it('is refused when it defines a client that is there already', async () => {
    const { loader } = await start();
    await expect(loader.load(() => lazyModule('acs-secret'))).rejects.toThrow(/Two clients are defined/);
  });

  it('can be loaded once more after it failed', async () => {
    const { loader } = await start();
    let isBroken = true;
    @Module({
      imports: [ManagedCredentialsModule.forFeature([testAcsClient(suite.cloud, 'lazy-secret')])],
      providers: [
        Consumer,
        {
          provide: 'BROKEN',
          useFactory: () => {
            if (isBroken) throw new Error('not yet');
            return 'fine';
          },
        },
      ],
    })
    class FragileModule {}
    await expect(loader.load(() => FragileModule)).rejects.toThrow('not yet');
    isBroken = false;
    const { client } = (await loader.load(() => FragileModule)).get(Consumer);
    await expect(client.request('DescribeRegions', {})).resolves.toBeDefined();
  });
});
