import { getEventListeners } from 'node:events';

import { describe, expect, it } from '@jest/globals';

import { HedgedFetch } from '../../lib/kms/hedged-fetch.js';
import type { KmsEndpoint } from '../../lib/kms/kms-endpoint.js';
import { KmsError } from '../../lib/kms/kms-error.js';
import { ScriptedEndpoint } from '../support/scripted-endpoint.js';
import { VirtualClock } from '../support/virtual-clock.js';

const failure = (temporary: boolean) => new KmsError('fails.', { code: 'x', temporary, secretName: 'app' });
const broken = failure(true);
const refusal = failure(false);

/** Begins a fetch from endpoints a, b, c, ... with a hedge delay of 1 s. */
function begin(...steps: ('ok' | 'hang' | KmsError)[]) {
  const clock = new VirtualClock();
  const abort = new AbortController();
  const endpoints = steps.map((step, index) => new ScriptedEndpoint('abcd'.charAt(index), [step]));
  const told: string[] = [];
  const observer = {
    onAnswer: ({ label }: KmsEndpoint) => told.push(`${label} has answered`),
    onTrouble: ({ label }: KmsEndpoint) => told.push(`${label} is in trouble`),
  };
  const result = new HedgedFetch('app', endpoints, { hedgeDelayMs: 1000, fetchTimeoutMs: 30_000 }, observer, {
    clock,
    random: () => 0.5,
  })
    .run({ signal: abort.signal })
    .then(
      ({ versionId }) => versionId,
      (error: unknown) => error,
    );
  return { clock, abort, endpoints, told, result, requests: () => endpoints.map(({ requests }) => requests) };
}

describe('of the endpoints of one fetch', () => {
  it('one that refuses has answered, one that is out of order is in trouble', async () => {
    const { told, result } = begin(refusal, broken, 'ok');
    expect(await result).toBe('c');
    expect(told).toEqual(['a has answered', 'b is in trouble', 'c has answered']);
  });

  it('one that stays silent is in trouble once, and its abortion is not held against it', async () => {
    const { clock, told, result, endpoints } = begin('hang', 'ok');
    await clock.advance(1000);
    expect(await result).toBe('b');
    await clock.advance(0);
    expect(endpoints[0]?.aborted).toBe(1);
    expect(told).toEqual(['a is in trouble', 'b has answered']);
    expect(clock.pending).toBe(0);
  });

  it('one that has failed leaves the next its whole hedge delay', async () => {
    const { clock, told, requests } = begin(refusal, 'hang', 'hang', 'hang');
    await clock.advance(999);
    expect(requests()).toEqual([1, 1, 0, 0]);
    await clock.advance(1000);
    expect(requests()).toEqual([1, 1, 1, 0]);
    expect(told).toEqual(['a has answered', 'b is in trouble']);
    await clock.advance(1);
    expect(requests()).toEqual([1, 1, 1, 1]);
  });

  it('one that fails again and again asks for the next one only the first time', async () => {
    const { clock, endpoints } = begin(broken, 'hang', 'ok');
    await clock.advance(999);
    expect(endpoints[0]?.requests).toBeGreaterThan(2);
    expect(endpoints[2]?.requests).toBe(0);
  });
});

describe('an aborted fetch', () => {
  it('rejects with the reason, ends its requests and waits for nothing', async () => {
    const { clock, abort, endpoints, told, result } = begin(broken, 'hang');
    await clock.advance(50);
    const reason = new Error('shutdown');
    abort.abort(reason);
    expect(await result).toBe(reason);
    await clock.advance(30_000);
    expect(endpoints.map(({ requests, aborted }) => [requests, aborted])).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(told).toEqual(['a is in trouble']);
  });

  it.each(['ok', refusal] as const)('can no longer be aborted when it is over: %s', async (step) => {
    const { abort, result } = begin(step);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
    await result;
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
  });
});
