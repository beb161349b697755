import { getEventListeners } from 'node:events';

import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { measureConnectTime } from '../../lib/kms/connect-time.js';
import { ConnectableEndpoint } from '../support/connectable-endpoint.js';
import { until } from '../support/poll.js';
import { placeHosts } from '../support/slow-lookup.js';

let endpoint: ConnectableEndpoint;
afterEach(async () => {
  await endpoint.stop();
  jest.restoreAllMocks();
});

async function start(distanceMs: number) {
  placeHosts({ kms: distanceMs });
  endpoint = new ConnectableEndpoint('kms');
  await endpoint.start();
  const stop = new AbortController();
  return { stop, measure: () => measureConnectTime(endpoint.address, stop.signal) };
}

describe('the time to connect', () => {
  it('is that until the connection stands, which is closed at once', async () => {
    const { measure } = await start(50);
    const startedAt = performance.now();
    const connectMs = await measure();
    expect(connectMs).toBeGreaterThan(45);
    expect(connectMs).toBeLessThanOrEqual(performance.now() - startedAt);
    await until(() => endpoint.connections === 1 && endpoint.open === 0, 'it is closed');
  });

  it('is infinite for a port that refuses connections', async () => {
    const { measure } = await start(0);
    await endpoint.stop();
    expect(await measure()).toBe(Infinity);
  });

  it('is infinite, at once, when the measurement is ended', async () => {
    const { stop, measure } = await start(Infinity);
    let connectMs: number | undefined;
    void measure().then((time) => (connectMs = time));
    stop.abort();
    await until(() => connectMs !== undefined, 'it has ended', 2000);
    expect(connectMs).toBe(Infinity);
  });

  it('is infinite when there is no time any more', async () => {
    const { stop, measure } = await start(0);
    stop.abort();
    expect(await measure()).toBe(Infinity);
  });

  it('leaves nothing behind on the signal', async () => {
    const { stop, measure } = await start(0);
    await Promise.all([measure(), measure()]);
    expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  });
});
