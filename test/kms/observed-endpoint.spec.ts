import { beforeEach, describe, expect, it } from '@jest/globals';

import { ObservedEndpoint, type KmsRequest } from '../../lib/kms/observed-endpoint.js';
import { fetchApp, sharedKmsSuite } from '../support/shared-kms-fixture.js';

const suite = sharedKmsSuite();
let told: KmsRequest[];
beforeEach(() => {
  told = [];
});

const observed = () => new ObservedEndpoint(suite.client(), 'cn-hangzhou', (request) => told.push(request));

describe('an observed endpoint', () => {
  it('is called like the endpoint that it observes', () => {
    const endpoint = observed();
    const host = new URL(suite.cloud.endpoints.kms).host;
    expect(endpoint.label).toBe(`KMS ${host}`);
    expect(`${endpoint.address.hostname}:${endpoint.address.port}`).toBe(host);
  });

  it('closes it', async () => {
    const client = suite.client();
    let isClosed = false;
    const endpoint = Object.assign(client, { close: () => (isClosed = true) });
    new ObservedEndpoint(endpoint, undefined, () => undefined).close();
    expect(isClosed).toBe(true);
  });

  it('tells of a secret that it gave', async () => {
    const startedAt = performance.now();
    await expect(fetchApp(observed())).resolves.toMatchObject({ secretName: 'app' });
    const elapsedMs = performance.now() - startedAt;
    expect(told).toEqual([
      {
        secretName: 'app',
        endpoint: new URL(suite.cloud.endpoints.kms).host,
        regionId: 'cn-hangzhou',
        outcome: 'ok',
        requestId: undefined,
        durationMs: expect.any(Number),
      },
    ]);
    expect(told[0]?.durationMs).toBeGreaterThan(0);
    expect(told[0]?.durationMs).toBeLessThanOrEqual(elapsedMs);
  });

  it('calls a secret by the name that the application uses', async () => {
    await fetchApp(observed(), { eventName: 'the name in code' });
    expect(told).toEqual([expect.objectContaining({ secretName: 'the name in code', outcome: 'ok' })]);
  });

  it('tells code and request id of a refusal, and passes it on', async () => {
    suite.cloud.fail('kms', { status: 403, code: 'Forbidden.NoPermission' });
    await expect(fetchApp(observed())).rejects.toMatchObject({ code: 'Forbidden.NoPermission' });
    const requestId = suite.cloud.requests('kms')[0]?.requestId;
    expect(told).toEqual([expect.objectContaining({ outcome: 'Forbidden.NoPermission', requestId })]);
  });

  it('tells the code of a connection that failed', async () => {
    suite.cloud.fail('kms', 'drop', 2);
    await expect(fetchApp(observed())).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(told).toEqual([expect.objectContaining({ outcome: 'ECONNRESET', requestId: undefined })]);
  });

  it('tells that a request was aborted, whatever came of it', async () => {
    const stop = new AbortController();
    suite.cloud.fail('kms', 'hang');
    const fetching = fetchApp(observed(), { signal: stop.signal });
    stop.abort(new Error('another was faster'));
    await expect(fetching).rejects.toThrow('another was faster');
    expect(told).toEqual([expect.objectContaining({ outcome: 'aborted', requestId: undefined })]);
  });
});

describe('what fails without an error', () => {
  it('is told of as well', async () => {
    const broken = Object.assign(suite.client(), { getSecretValue: () => Promise.reject('text') });
    const endpoint = new ObservedEndpoint(broken, undefined, (request) => told.push(request));
    await expect(fetchApp(endpoint)).rejects.toBe('text');
    expect(told).toEqual([expect.objectContaining({ outcome: 'UnknownError', requestId: undefined })]);
  });
});
