import { describe, expect, it } from '@jest/globals';

import type { FetchLimits } from '../../lib/core/secret-value.js';
import { HedgedFetch } from '../../lib/kms/hedged-fetch.js';
import { KmsError } from '../../lib/kms/kms-error.js';
import { ScriptedEndpoint } from '../support/scripted-endpoint.js';
import { VirtualClock } from '../support/virtual-clock.js';

const refusal = new KmsError('a refuses.', {
  code: 'Forbidden.NoPermission',
  secretName: 'app',
  temporary: false,
  requestId: 'request-of-a',
});
const disorder = new KmsError('b is out of order.', {
  code: 'InternalFailure',
  secretName: 'app',
  temporary: true,
  requestId: 'request-of-b',
});

/** What comes of a fetch from endpoints a and b, one step each. */
async function failureOf(steps: readonly ('hang' | Error)[], limits: Partial<FetchLimits> = {}) {
  const clock = new VirtualClock();
  const endpoints = steps.map((step, index) => new ScriptedEndpoint('ab'.charAt(index), [step]));
  const ignore = { onAnswer: () => undefined, onTrouble: () => undefined };
  const failing = new HedgedFetch('app', endpoints, { hedgeDelayMs: 1000, fetchTimeoutMs: 30_000 }, ignore, {
    clock,
    random: () => 0.5,
  })
    .run({ signal: new AbortController().signal, ...limits })
    .catch((error: unknown) => error);
  await clock.advance(30_000);
  return failing;
}

describe('the failure of a fetch', () => {
  it('of which no endpoint has said anything is a time-out, and may pass', async () => {
    const failure = await failureOf(['hang', 'hang']);
    expect(failure).not.toHaveProperty('cause');
    expect(failure).toMatchObject({
      code: 'KmsTimeout',
      temporary: true,
      requestId: undefined,
      message:
        'Secret "app" could not be fetched within 30000 ms. a has not answered yet. b has not answered yet.',
    });
  });

  it('may pass when the time was over before the last endpoint had answered', async () => {
    expect(await failureOf([refusal, 'hang'])).toMatchObject({
      code: 'Forbidden.NoPermission',
      temporary: true,
      message: 'Secret "app" could not be fetched within 30000 ms. a refuses. b has not answered yet.',
    });
  });

  it('may pass when one of the endpoints may have the secret later', async () => {
    expect(await failureOf([refusal, disorder], { isProbe: true })).toMatchObject({
      code: 'AllKmsEndpointsFailed',
      temporary: true,
      message: 'Secret "app" could not be fetched. a refuses. b is out of order.',
    });
  });

  it('of the only endpoint that was asked tells its request and its own failure', async () => {
    expect(await failureOf([refusal])).toMatchObject({
      code: 'Forbidden.NoPermission',
      temporary: false,
      requestId: 'request-of-a',
      cause: refusal,
    });
  });

  it('that no KMS has caused is no time-out', async () => {
    const mishap = new TypeError('a mishap.');
    expect(await failureOf([mishap])).toMatchObject({
      code: 'TypeError',
      temporary: false,
      message: 'Secret "app" could not be fetched. a mishap.',
      cause: mishap,
    });
  });

  it('of several endpoints tells the first request, and takes none of them for the cause', async () => {
    const failure = await failureOf([disorder, refusal], { isProbe: true });
    expect(failure).toMatchObject({ requestId: 'request-of-b' });
    expect(failure).not.toHaveProperty('cause');
  });
});
