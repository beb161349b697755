import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import {
  getAcsClientToken,
  ManagedCredentialsModule,
  type ProxyAcsClient,
} from 'nestjs-aliyun-managed-credentials';
import {
  ATTRIBUTES,
  ManagedCredentialsTelemetry,
  TELEMETRY_ATTRIBUTES,
} from 'nestjs-aliyun-managed-credentials/opentelemetry';

import { partsOf, testAcsClient } from '../../support/app-fixture.js';
import { cloudSuite } from '../../support/cloud-suite.js';
import { until } from '../../support/poll.js';
import { TelemetryRecorder } from '../../support/telemetry-recorder.js';

const suite = cloudSuite(['acs-secret']);
const secret = { [ATTRIBUTES.secret]: 'acs-secret' };

beforeEach(() => TelemetryRecorder.disable());

function start() {
  return suite.start({
    providers: [ManagedCredentialsTelemetry],
    clients: [testAcsClient(suite.cloud)],
  });
}

describe('a meter provider', () => {
  it('that is registered later gets the gauges soon, and counts what happens from then on', async () => {
    const { service } = partsOf(await start());
    const recorder = new TelemetryRecorder().register();
    await until(async () => (await recorder.points('timeLeft')).length > 0, 'gauges');
    expect(await recorder.points('refreshes')).toEqual([]);
    await service.refresh('acs-secret');
    expect((await recorder.points('refreshes')).map(([, count]) => count)).toEqual([1]);
    expect(recorder.spans()).toHaveLength(2);
  });

  it('that takes the place of another gets all from then on', async () => {
    const first = new TelemetryRecorder(AggregationTemporality.DELTA).register();
    const { service } = partsOf(await start());
    expect(await first.points('timeLeft')).toHaveLength(1);
    const second = new TelemetryRecorder().register();
    await service.refresh('acs-secret');
    expect(await second.points('timeLeft')).toHaveLength(1);
    expect(await second.points('refreshes')).toHaveLength(1);
    expect(await first.points('timeLeft')).toEqual([]);
  });
});

describe('several roots in one process', () => {
  it('are told apart by attributes, also where the names of their secrets are the same', async () => {
    const recorder = new TelemetryRecorder().register();
    const root = (account: string) => {
      @Module({
        imports: [
          ManagedCredentialsModule.forRoot({ isGlobal: false, clients: [testAcsClient(suite.cloud)] }),
        ],
        providers: [
          ManagedCredentialsTelemetry,
          { provide: TELEMETRY_ATTRIBUTES, useValue: { 'account.name': account } },
          { provide: 'client of this root', useExisting: getAcsClientToken('acs-secret') },
        ],
      })
      class RootModule {}
      return RootModule;
    };
    const blue = root('blue');
    const app = await suite.start({ imports: [blue, root('green')] });
    suite.cloud.emergencyRotate('acs-secret');
    const client = app.select(blue).get<ProxyAcsClient>('client of this root', { strict: true });
    await client.request('DescribeRegions', {});

    const accountsOf = async (metric: Parameters<TelemetryRecorder['points']>[0]) =>
      (await recorder.points(metric)).map(([attributes]) => attributes['account.name']);
    expect(await accountsOf('staleTime')).toEqual(['blue', 'green']);
    expect(await accountsOf('kmsRequestDuration')).toEqual(['blue', 'green']);
    expect(
      (await recorder.points('versionChanges')).map(([attributes, count]) => [
        attributes['account.name'],
        count,
      ]),
    ).toEqual([
      ['blue', 1],
      ['green', 0],
    ]);
    expect(new Set(recorder.spans().map(({ attributes }) => attributes['account.name']))).toEqual(
      new Set(['blue', 'green']),
    );
  });
});

describe('after the shutdown', () => {
  it('the gauges of the application are gone, and those of another one are not', async () => {
    const recorder = new TelemetryRecorder(AggregationTemporality.DELTA).register();
    const first = await start();
    const second = await suite.start({
      providers: [ManagedCredentialsTelemetry],
      clients: [testAcsClient(suite.cloud, 'acs-secret', { name: 'other' })],
    });
    await second.close();
    expect(await recorder.points('staleTime')).toEqual([[secret, 0]]);
    await first.close();
    expect(await recorder.points('staleTime')).toEqual([]);
    expect(await recorder.points('status')).toEqual([]);
  });

  it('of an application that could not start, its gauges are gone as well', async () => {
    const recorder = new TelemetryRecorder(AggregationTemporality.DELTA).register();
    suite.cloud.fail('dedicatedKms', { code: 'Forbidden.NoPermission' }, Infinity);
    await expect(start()).rejects.toThrow(/cannot start/);
    expect((await recorder.points('refreshes')).length).toBeGreaterThan(0);
    expect(await recorder.points('status')).toEqual([]);
  });

  it('a provider that is registered then is not looked for', async () => {
    const app = await start();
    await app.close();
    const recorder = new TelemetryRecorder().register();
    // Longer than the provider would be looked for, were it still.
    await new Promise((resolve) => {
      setTimeout(resolve, 1200);
    });
    expect(await recorder.metrics()).toEqual([]);
  });

  it('nothing holds on to the application', async () => {
    new TelemetryRecorder().register();
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const closed = await (async () => {
      const app = await start();
      const telemetry = new WeakRef(app.get(ManagedCredentialsTelemetry));
      suite.forget(app);
      await app.close();
      return telemetry;
    })();
    const isCollected = () => {
      collectGarbage();
      return closed.deref() === undefined;
    };
    await expect(until(isCollected, 'the telemetry is collected')).resolves.toBeUndefined();
  });
});
