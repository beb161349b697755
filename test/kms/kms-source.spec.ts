import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { KmsSource } from '../../lib/kms/kms-source.js';
import { ConnectableEndpoint } from '../support/connectable-endpoint.js';
import { until } from '../support/poll.js';
import { placeHosts } from '../support/slow-lookup.js';

/** Longer than the test may take. */
const TIMES = { hedgeDelayMs: 60_000, fetchTimeoutMs: 60_000 };

class ClosableEndpoint extends ConnectableEndpoint {
  isClosed = false;

  override close(): void {
    this.isClosed = true;
  }
}

let endpoints: ClosableEndpoint[];
beforeEach(async () => {
  endpoints = [new ClosableEndpoint('silent'), new ClosableEndpoint('mute')];
  placeHosts({ silent: Infinity, mute: Infinity });
  for (const endpoint of endpoints) await endpoint.start();
});
afterEach(async () => {
  for (const endpoint of endpoints) await endpoint.stop();
  jest.restoreAllMocks();
});

describe('a source of secrets that is closed', () => {
  it('closes its endpoints, and ends the measurements that its first fetch waits for', async () => {
    const source = new KmsSource(endpoints, TIMES);
    let failure: unknown;
    source.getSecretValue('app', { signal: new AbortController().signal }).catch((error: unknown) => {
      failure = error;
    });
    source.close();
    expect(endpoints.map(({ isClosed }) => isClosed)).toEqual([true, true]);
    await until(() => failure !== undefined, 'the fetch has gone on', 3000);
  });
});
