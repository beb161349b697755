import { beforeEach, describe, expect, it } from '@jest/globals';
import { DataPointType } from '@opentelemetry/sdk-metrics';
import type { ManagedCredentialsModuleOptions } from 'nestjs-aliyun-managed-credentials';
import {
  ATTRIBUTES,
  ManagedCredentialsTelemetry,
  METRICS,
} from 'nestjs-aliyun-managed-credentials/opentelemetry';

import { partsOf, testAcsClient } from '../../support/app-fixture.js';
import { cloudSuite } from '../../support/cloud-suite.js';
import { until } from '../../support/poll.js';
import { TelemetryRecorder } from '../../support/telemetry-recorder.js';

const suite = cloudSuite(['acs-secret']);
const secret = { [ATTRIBUTES.secret]: 'acs-secret' };
let recorder: TelemetryRecorder;

beforeEach(() => {
  recorder = new TelemetryRecorder().register();
});

async function start(options: ManagedCredentialsModuleOptions = {}) {
  const app = await suite.start({
    providers: [ManagedCredentialsTelemetry],
    clients: [testAcsClient(suite.cloud)],
    options: { kms: { fetchTimeoutMs: 1000 }, ...options },
  });
  return partsOf(app);
}

/** What an exporter sees of an instrument of a kind: how values are put together, and whether they only rise. */
const EXPORTED = {
  counter: [DataPointType.SUM, true],
  upDownCounter: [DataPointType.SUM, false],
  gauge: [DataPointType.GAUGE, undefined],
  histogram: [DataPointType.HISTOGRAM, undefined],
} as const;

describe('the metrics', () => {
  it('are of the kinds and units that METRICS tells, and have no other attributes', async () => {
    const { acs, service } = await start();
    suite.cloud.emergencyRotate('acs-secret');
    await acs().request('DescribeRegions', {});
    suite.cloud.fail('dedicatedKms', { code: 'Forbidden.NoPermission' });
    await service.refresh('acs-secret').catch(() => undefined);
    const exported = (await recorder.metrics()).map(({ descriptor, dataPoints, ...data }) => ({
      name: descriptor.name,
      unit: descriptor.unit,
      description: descriptor.description,
      kind: [data.dataPointType, 'isMonotonic' in data ? data.isMonotonic : undefined],
      attributes: [...new Set(dataPoints.flatMap(({ attributes }) => Object.keys(attributes)))].toSorted(),
    }));
    const told = Object.values(METRICS).map(({ instrument, attributes, ...metric }) => ({
      ...metric,
      kind: EXPORTED[instrument],
      attributes: attributes.toSorted(),
    }));
    const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name);
    expect(exported.toSorted(byName)).toEqual(told.toSorted(byName));
  });

  it('count refreshes by reason and outcome, retries and version changes', async () => {
    const { acs, service } = await start();
    suite.cloud.emergencyRotate('acs-secret');
    await Promise.all(Array.from({ length: 5 }, () => acs().request('DescribeRegions', {})));
    suite.cloud.fail('dedicatedKms', { code: 'Forbidden.NoPermission' });
    await service.refresh('acs-secret').catch(() => undefined);

    const { reason, outcome, errorType, sdk } = ATTRIBUTES;
    expect(await recorder.points('refreshes')).toEqual([
      [{ ...secret, [reason]: 'initial', [outcome]: 'ok' }, 1],
      [{ ...secret, [reason]: 'expired-key', [outcome]: 'ok' }, 1],
      [{ ...secret, [reason]: 'manual', [outcome]: 'error', [errorType]: 'Forbidden.NoPermission' }, 1],
    ]);
    expect(await recorder.points('expiredKeyRetries')).toEqual([[{ ...secret, [sdk]: 'acs' }, 5]]);
    expect(await recorder.points('versionChanges')).toEqual([[secret, 1]]);
    expect(await recorder.points('keysNotReplaced')).toEqual([[secret, 0]]);
  });

  it('measure requests to KMS by region, endpoint and outcome, in buckets for seconds', async () => {
    const { service } = await start();
    suite.cloud.fail('dedicatedKms', { code: 'Forbidden.NoPermission' });
    await service.refresh('acs-secret').catch(() => undefined);

    const { hostname, port } = new URL(suite.cloud.endpoints.dedicatedKms);
    const endpoint = {
      [ATTRIBUTES.region]: 'cn-hangzhou',
      [ATTRIBUTES.serverAddress]: hostname,
      [ATTRIBUTES.serverPort]: Number(port),
    };
    const error = { [ATTRIBUTES.outcome]: 'error', [ATTRIBUTES.errorType]: 'Forbidden.NoPermission' };
    expect(await recorder.points('kmsRequestDuration')).toEqual([
      [{ ...endpoint, [ATTRIBUTES.outcome]: 'ok' }, 1],
      [{ ...endpoint, ...error }, 1],
    ]);
    const histogram = (await recorder.metrics()).find(({ descriptor }) => descriptor.unit === 's');
    const value = histogram?.dataPoints[0]?.value;
    const boundaries = typeof value === 'object' && 'buckets' in value ? value.buckets.boundaries : [];
    expect(boundaries.filter((boundary) => boundary <= 1).length).toBeGreaterThan(8);
    expect(Math.max(...boundaries)).toBe(10);
  });

  it('tell how fresh each secret is, and when it is fetched next', async () => {
    const { service } = await start();
    const state = (value: string) => ({ ...secret, [ATTRIBUTES.state]: value });
    const status = (fresh: number, stale: number, failing: number) => [
      [state('fresh'), fresh],
      [state('stale'), stale],
      [state('failing'), failing],
    ];
    expect(await recorder.points('status')).toEqual(status(1, 0, 0));
    expect(await recorder.points('staleTime')).toEqual([[secret, 0]]);
    expect((await recorder.points('timeLeft'))[0]?.[1]).toBeGreaterThan(60);

    suite.cloud.fail('dedicatedKms', { status: 503 }, Infinity);
    await service.refresh('acs-secret').catch(() => undefined);
    expect(await recorder.points('status')).toEqual(status(0, 1, 0));
    expect((await recorder.points('staleTime'))[0]?.[1]).toBeGreaterThan(0);
    expect((await recorder.points('timeLeft'))[0]?.[1]).toBeLessThan(60);

    suite.cloud.clearFaults();
    await service.refresh('acs-secret');
    expect(await recorder.points('status')).toEqual(status(1, 0, 0));
    expect(await recorder.points('staleTime')).toEqual([[secret, 0]]);
  });

  it('tell nothing of a secret of a lazy start before something needs it', async () => {
    const { acs } = await start({ startup: 'lazy' });
    expect(await recorder.metrics()).toEqual([]);
    await acs().request('DescribeRegions', {});
    expect(await recorder.points('status')).toContainEqual([{ ...secret, [ATTRIBUTES.state]: 'fresh' }, 1]);
  });

  it('tell how many calls wait for the successor of a key', async () => {
    const { acs } = await start({ expiredKeyWaitMs: 20_000 });
    expect(await recorder.points('waiters')).toEqual([[secret, 0]]);
    suite.cloud.revoke(suite.cloud.secret('acs-secret').accessKeyId);
    const calls = Array.from({ length: 3 }, () => acs().request('DescribeRegions', {}));
    await until(async () => (await recorder.points('waiters'))[0]?.[1] === 3, 'three calls wait');
    suite.cloud.rotate('acs-secret');
    await Promise.all(calls);
    expect(await recorder.points('waiters')).toEqual([[secret, 0]]);
  });

  it('count keys that KMS does not replace', async () => {
    const { acs } = await start({ expiredKeyWaitMs: 0 });
    const { accessKeyId } = suite.cloud.secret('acs-secret');
    suite.cloud.revoke(accessKeyId);
    await acs()
      .request('DescribeRegions', {})
      .catch(() => undefined);
    suite.cloud.restore(accessKeyId);
    expect(await recorder.points('keysNotReplaced')).toEqual([[secret, 1]]);
    expect(await recorder.points('status')).toContainEqual([{ ...secret, [ATTRIBUTES.state]: 'failing' }, 1]);
    await acs().request('DescribeRegions', {});
    expect(await recorder.points('status')).toContainEqual([{ ...secret, [ATTRIBUTES.state]: 'fresh' }, 1]);
  });

  it('make one series of all names that are no secrets, whoever thought of them', async () => {
    const { service } = await start();
    for (const name of ['first-guess', 'second-guess']) {
      const fetching = service.getCredentials(name).catch(() => undefined);
      expect(await recorder.points('status')).toHaveLength(3);
      await fetching;
    }
    const refused = { [ATTRIBUTES.outcome]: 'error', [ATTRIBUTES.errorType]: 'Forbidden.ResourceNotFound' };
    expect(await recorder.points('refreshes')).toContainEqual([
      { [ATTRIBUTES.secret]: '_OTHER', [ATTRIBUTES.reason]: 'initial', ...refused },
      2,
    ]);
    expect(JSON.stringify(await recorder.metrics())).not.toContain('guess');
  });
});
