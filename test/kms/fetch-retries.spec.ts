import { describe, expect, it } from '@jest/globals';

import type { FetchLimits, SecretValue } from '../../lib/core/secret-value.js';
import type { KmsEndpoint } from '../../lib/kms/kms-endpoint.js';
import { KmsError } from '../../lib/kms/kms-error.js';
import { KmsSource } from '../../lib/kms/kms-source.js';
import { VirtualClock } from '../support/virtual-clock.js';

const TIMES = { hedgeDelayMs: 1000, fetchTimeoutMs: 30_000 };

/** An endpoint out of order, that notes when it is asked. */
class BrokenEndpoint implements KmsEndpoint {
  readonly label = 'KMS';
  readonly address = { hostname: 'kms', port: 443 };
  readonly askedAt: number[] = [];

  constructor(
    private readonly clock: VirtualClock,
    private readonly code: string,
    private readonly status: number,
  ) {}

  async getSecretValue(secretName: string): Promise<SecretValue> {
    this.askedAt.push(this.clock.monotonic());
    const { code, status } = this;
    throw new KmsError(`says ${code}.`, { code, status, secretName, temporary: true });
  }

  close(): void {}
}

async function failedFetch(
  code: string,
  status: number,
  random: () => number,
  limits: Partial<FetchLimits> = {},
) {
  const clock = new VirtualClock();
  const endpoint = new BrokenEndpoint(clock, code, status);
  const source = new KmsSource([endpoint], TIMES, { clock, random });
  const fetching = source
    .getSecretValue('app', { signal: new AbortController().signal, ...limits })
    .catch((error: unknown) => error);
  await clock.advance(31_000);
  expect(await fetching).toMatchObject({ code });
  expect(clock.pending).toBe(0);
  const pauses = endpoint.askedAt.slice(1).map((at, index) => at - (endpoint.askedAt[index] ?? 0));
  return { pauses, requests: endpoint.askedAt.length };
}

describe('the retries of one fetch', () => {
  it('are spread over a range that doubles up to 5 s', async () => {
    const { pauses } = await failedFetch('ServiceUnavailable', 503, () => 0.999);
    expect(pauses.map((pause) => Math.ceil(pause / 100) * 100)).toEqual([
      200, 400, 800, 1600, 3200, 5000, 5000, 5000, 5000,
    ]);
  });

  it('never follow each other at once', async () => {
    const { pauses } = await failedFetch('ServiceUnavailable', 503, () => 0);
    expect(Math.min(...pauses)).toBe(100);
  });

  it.each([
    ['Rejected.Throttling', 429],
    ['Throttling', 400],
    ['Throttling.User', 400],
    ['Whatever', 429],
  ])('leave out the second whose request limit is used up: %s, status %i', async (code, status) => {
    const soonest = await failedFetch(code, status, () => 0);
    expect(new Set(soonest.pauses)).toEqual(new Set([1000]));
    const latest = await failedFetch(code, status, () => 0.999);
    expect(Math.max(...latest.pauses)).toBeLessThanOrEqual(2000);
  });

  it('are left out when a probe will be repeated anyway', async () => {
    const { requests } = await failedFetch('ServiceUnavailable', 503, () => 0.5, { isProbe: true });
    expect(requests).toBe(1);
  });

  it('are made for a probe as well when only the request limit is in its way', async () => {
    const { requests } = await failedFetch('Rejected.Throttling', 429, () => 0.5, { isProbe: true });
    expect(requests).toBeGreaterThan(15);
  });
});
