import { beforeEach, describe, expect, it } from '@jest/globals';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import type { ManagedCredentialsModuleOptions } from 'nestjs-aliyun-managed-credentials';
import {
  ATTRIBUTES,
  ManagedCredentialsTelemetry,
  SPANS,
} from 'nestjs-aliyun-managed-credentials/opentelemetry';

import { partsOf, testAcsClient } from '../../support/app-fixture.js';
import { cloudSuite } from '../../support/cloud-suite.js';
import { until } from '../../support/poll.js';
import { SecretScanner } from '../../support/secret-scanner.js';
import { TelemetryRecorder } from '../../support/telemetry-recorder.js';

const suite = cloudSuite(['acs-secret'], { regions: ['cn-shanghai'] });
let recorder: TelemetryRecorder;

beforeEach(() => {
  recorder = new TelemetryRecorder().register();
});

async function start(options: ManagedCredentialsModuleOptions = {}) {
  const app = await suite.start({
    providers: [ManagedCredentialsTelemetry],
    clients: [testAcsClient(suite.cloud)],
    settings: suite.cloud.dedicatedKmsEnv(),
    options: { kms: { fetchTimeoutMs: 1000 }, ...options },
  });
  return { app, ...partsOf(app) };
}

/** The refreshes of one reason, with the requests below each. */
function refreshes(reason: string) {
  const spans = recorder.spans();
  return spans
    .filter(({ name, attributes }) => name === SPANS.refresh && attributes[ATTRIBUTES.reason] === reason)
    .map((refresh) => {
      const requests = spans.filter(
        ({ parentSpanContext }) => parentSpanContext?.spanId === refresh.spanContext().spanId,
      );
      return { refresh, requests };
    });
}

const timesOf = ({ startTime, endTime }: ReadableSpan) =>
  [startTime, endTime].map(([seconds, nanoseconds]) => seconds * 1000 + nanoseconds / 1e6);

describe('the spans', () => {
  it('show a forced refresh in the trace of the call that needed it, and its requests below', async () => {
    const { acs } = await start();
    const { versionId } = suite.cloud.emergencyRotate('acs-secret');
    await trace.getTracer('app').startActiveSpan('call', async (span) => {
      await acs().request('DescribeRegions', {});
      span.end();
    });

    const [forced] = refreshes('expired-key');
    const parent = recorder.spans().find(({ name }) => name === 'call');
    expect(forced?.refresh.parentSpanContext?.spanId).toBe(parent?.spanContext().spanId);
    expect(forced?.refresh.attributes).toEqual({
      [ATTRIBUTES.secret]: 'acs-secret',
      [ATTRIBUTES.reason]: 'expired-key',
      [ATTRIBUTES.outcome]: 'ok',
      [ATTRIBUTES.version]: versionId,
    });
    expect(forced?.refresh.kind).toBe(SpanKind.INTERNAL);
    expect(forced?.requests).toHaveLength(1);
    const [request] = forced?.requests ?? [];
    expect(request).toMatchObject({ name: 'KMS/GetSecretValue', kind: SpanKind.CLIENT });
    expect(request?.attributes).toEqual({
      [ATTRIBUTES.rpcSystem]: 'alibaba_cloud',
      [ATTRIBUTES.rpcMethod]: 'KMS/GetSecretValue',
      [ATTRIBUTES.secret]: 'acs-secret',
      [ATTRIBUTES.region]: expect.stringMatching(/^cn-/),
      [ATTRIBUTES.serverAddress]: new URL(suite.cloud.endpoints.dedicatedKms).hostname,
      [ATTRIBUTES.serverPort]: expect.any(Number),
      [ATTRIBUTES.outcome]: 'ok',
    });
  });

  it('say when it was', async () => {
    const { service } = await start();
    suite.cloud.fail('dedicatedKms', { delayMs: 50 });
    const before = Date.now();
    await service.refresh('acs-secret');
    const after = Date.now();
    const [manual] = refreshes('manual');
    for (const span of manual === undefined ? [] : [manual.refresh, ...manual.requests]) {
      const [startedAt = 0, endedAt = 0] = timesOf(span);
      expect(endedAt - startedAt).toBeGreaterThan(40);
      // The clock of the day has whole milliseconds only.
      expect(startedAt).toBeGreaterThanOrEqual(before - 2);
      expect(endedAt).toBeLessThanOrEqual(after + 2);
    }
    expect(manual?.requests).toHaveLength(1);
  });

  it('begin a trace of their own for a refresh by the schedule', async () => {
    const { service } = await start({ refresh: { rotationIntervalMs: 50, jitterMs: 0 } });
    await trace.getTracer('app').startActiveSpan('call', async (span) => {
      // The timer of the next scheduled refresh is set within this span.
      await service.refresh('acs-secret');
      span.end();
    });
    await until(() => refreshes('scheduled').length >= 2, 'scheduled refreshes');
    for (const { refresh, requests } of refreshes('scheduled')) {
      expect(refresh.parentSpanContext).toBeUndefined();
      expect(requests).toHaveLength(1);
    }
  });

  it('show requests that failed, and those that another endpoint has outrun', async () => {
    const { service } = await start({ kms: { hedgeDelayMs: 20 } });
    const [first = '', second = ''] = suite.cloud.regions.map(({ regionId }) => regionId);
    suite.cloud.fail('dedicatedKms', { type: 'hang', regionId: first }, Infinity);
    suite.cloud.fail('dedicatedKms', { status: 500, regionId: second });
    await service.refresh('acs-secret');
    await until(() => refreshes('manual')[0]?.requests.length === 3, 'three requests');
    const [{ refresh, requests } = { refresh: undefined, requests: [] }] = refreshes('manual');
    expect(refresh?.status.code).toBe(SpanStatusCode.UNSET);
    const told = requests.map(({ attributes, status }) => [
      attributes[ATTRIBUTES.region],
      attributes[ATTRIBUTES.outcome],
      attributes[ATTRIBUTES.errorType],
      status.code,
    ]);
    expect(told).toHaveLength(3);
    expect(told).toContainEqual([first, 'aborted', undefined, SpanStatusCode.UNSET]);
    expect(told).toContainEqual([second, 'error', 'InternalFailure', SpanStatusCode.ERROR]);
    expect(told).toContainEqual([second, 'ok', undefined, SpanStatusCode.UNSET]);
  });

  it('show a refresh that failed, with the request id of KMS', async () => {
    const { service } = await start();
    suite.cloud.fail('dedicatedKms', { code: 'Forbidden.NoPermission' }, Infinity);
    await service.refresh('acs-secret').catch(() => undefined);
    const [{ refresh, requests } = { refresh: undefined, requests: [] }] = refreshes('manual');
    expect(refresh).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { [ATTRIBUTES.outcome]: 'error', [ATTRIBUTES.errorType]: 'Forbidden.NoPermission' },
    });
    expect(requests.map(({ attributes }) => attributes[ATTRIBUTES.requestId])).toEqual([
      expect.stringMatching(/.{8}/),
      expect.stringMatching(/.{8}/),
    ]);
  });

  it('are there for requests whose refresh the shutdown has ended', async () => {
    const { app, service } = await start({ kms: { fetchTimeoutMs: 20_000 } });
    suite.cloud.fail('dedicatedKms', { status: 500 }, Infinity);
    const refreshing = service.refresh('acs-secret').catch(() => undefined);
    await until(() => suite.cloud.requests('dedicatedKms').length > 3, 'failed requests');
    await app.close();
    await refreshing;
    expect(refreshes('manual')).toEqual([]);
    const orphans = recorder
      .spans()
      .filter(({ attributes }) => attributes[ATTRIBUTES.errorType] === 'InternalFailure');
    expect(orphans.length).toBeGreaterThan(0);
  });

  it('hold no key id and no secret, and neither do the metrics', async () => {
    const scanner = new SecretScanner();
    const plant = ({ accessKeyId, accessKeySecret }: { accessKeyId: string; accessKeySecret: string }) => {
      scanner.add(accessKeyId);
      scanner.add(accessKeySecret);
    };
    const { acs, service } = await start({ expiredKeyWaitMs: 0 });
    plant(suite.cloud.secret('acs-secret'));
    plant(suite.cloud.emergencyRotate('acs-secret'));
    await acs().request('DescribeRegions', {});
    for (const fault of [{ status: 403 }, { status: 500 }, { type: 'garbage' }, { type: 'drop' }] as const) {
      suite.cloud.fail('dedicatedKms', fault, 4);
      await service.refresh('acs-secret').catch(() => undefined);
      suite.cloud.clearFaults();
    }
    const { accessKeyId } = suite.cloud.secret('acs-secret');
    suite.cloud.revoke(accessKeyId);
    await acs()
      .request('DescribeRegions', {})
      .catch(() => undefined);
    suite.cloud.restore(accessKeyId);

    const spans = recorder.spans().map(({ name, attributes, status, events }) => ({
      name,
      attributes,
      status,
      events,
    }));
    const told = JSON.stringify([spans, await recorder.metrics()]);
    for (const reason of ['initial', 'expired-key', 'manual']) expect(told).toContain(`"${reason}"`);
    expect(scanner.findIn(told)).toEqual([]);
  });
});
