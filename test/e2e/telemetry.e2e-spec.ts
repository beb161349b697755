import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import { metrics, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { ManagedCredentialsTelemetry, METRICS } from 'nestjs-aliyun-managed-credentials/opentelemetry';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { partsOf, startApp, testAcsClient } from '../support/app-fixture.js';

let cloud: AlibabaCloudEmulator;
let app: TestingModule;
const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({
  exporter: metricExporter,
  exportIntervalMillis: 3_600_000,
});
const spanExporter = new InMemorySpanExporter();

beforeAll(async () => {
  cloud = await AlibabaCloudEmulator.start({ secrets: ['acs-secret'] });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  trace.setGlobalTracerProvider(
    new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spanExporter)] }),
  );
});
afterEach(() => app.close());
afterAll(async () => {
  await reader.shutdown();
  await cloud.stop();
});

/** The data points of a metric, as attributes and value. */
async function points(metric: keyof typeof METRICS) {
  await reader.forceFlush();
  const data = metricExporter.getMetrics().at(-1)?.scopeMetrics[0]?.metrics ?? [];
  const found = data.find(({ descriptor }) => descriptor.name === METRICS[metric].name);
  expect(found?.descriptor.unit).toBe(METRICS[metric].unit);
  return (found?.dataPoints ?? []).map(({ attributes, value }) => [attributes, value] as const);
}

describe('the telemetry', () => {
  it('counts refreshes, requests, retries and versions, shows gauges, and traces requests', async () => {
    app = await startApp(cloud, {
      providers: [ManagedCredentialsTelemetry],
      clients: [testAcsClient(cloud)],
      options: { kms: { fetchTimeoutMs: 100 } },
    });
    const { acs, service } = partsOf(app);
    cloud.emergencyRotate('acs-secret');
    await Promise.all(Array.from({ length: 5 }, () => acs().request('DescribeRegions', {})));
    const fault = cloud.fail('dedicatedKms', { status: 403, code: 'Forbidden.NoPermission' });
    await service.refresh('acs-secret').catch(() => undefined);
    fault.clear();

    const secret = { 'managed_credentials.secret': 'acs-secret' };
    expect(await points('refreshes')).toEqual([
      [{ ...secret, 'managed_credentials.outcome': 'ok', 'managed_credentials.reason': 'initial' }, 1],
      [{ ...secret, 'managed_credentials.outcome': 'ok', 'managed_credentials.reason': 'expired-key' }, 1],
      [
        {
          ...secret,
          'managed_credentials.outcome': 'Forbidden.NoPermission',
          'managed_credentials.reason': 'manual',
        },
        1,
      ],
    ]);
    expect(await points('expiredKeyRetries')).toEqual([[{ ...secret, 'managed_credentials.sdk': 'acs' }, 5]]);
    expect(await points('versionChanges')).toEqual([[secret, 1]]);
    const durations = await points('kmsRequestDuration');
    expect(
      durations.map(([attributes, value]) => [
        attributes['managed_credentials.outcome'],
        typeof value === 'object' && 'count' in value ? value.count : value,
      ]),
    ).toEqual([
      ['ok', 2],
      ['Forbidden.NoPermission', 1],
    ]);
    expect(await points('waiters')).toEqual([[secret, 0]]);
    expect(await points('state')).toEqual([[{ ...secret, 'managed_credentials.state': 'stale' }, 1]]);
    expect((await points('staleTime'))[0]?.[1]).toBeGreaterThan(0);
    expect((await points('nextRefresh'))[0]?.[1]).toBeLessThan(5);

    const spans = spanExporter.getFinishedSpans();
    expect(spans.map(({ name, status }) => `${name} ${status.message ?? 'ok'}`).toSorted()).toEqual([
      'KMS GetSecretValue Forbidden.NoPermission',
      'KMS GetSecretValue ok',
      'KMS GetSecretValue ok',
      'managed credentials refresh Forbidden.NoPermission',
      'managed credentials refresh ok',
      'managed credentials refresh ok',
    ]);
    const everything = JSON.stringify([spans.map(({ attributes }) => attributes), durations]);
    expect(everything).not.toMatch(/LTAI/);
    expect(everything).not.toContain(cloud.secret('acs-secret').accessKeySecret);
  });
});
