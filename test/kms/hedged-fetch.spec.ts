import { describe, expect, it } from '@jest/globals';

import { isTemporary } from '../../lib/core/secret-value.js';
import { KmsError } from '../../lib/kms/kms-error.js';
import { KmsSource } from '../../lib/kms/kms-source.js';
import { ScriptedEndpoint } from '../support/scripted-endpoint.js';

const failure = (code: string, temporary: boolean) =>
  new KmsError(`says ${code}.`, { code, temporary, secretName: 'app' });

function fetchFrom(
  endpoints: ScriptedEndpoint[],
  { timeoutMs = 2000, signal = new AbortController().signal, hedgeDelayMs = 50 } = {},
) {
  return new KmsSource(endpoints, { hedgeDelayMs, fetchTimeoutMs: 5000 }).getSecretValue('app', {
    timeoutMs,
    signal,
  });
}

describe('a fetch from several endpoints', () => {
  it('asks only the first while that answers', async () => {
    const [first, second] = [new ScriptedEndpoint('a', ['ok']), new ScriptedEndpoint('b', ['ok'])];
    expect((await fetchFrom([first, second])).versionId).toBe('a');
    expect(second.requests).toBe(0);
  });

  it('asks the next at once when one fails', async () => {
    const [first, second] = [
      new ScriptedEndpoint('a', [failure('x', true)]),
      new ScriptedEndpoint('b', ['ok']),
    ];
    // With a hedge delay beyond the fetch's time, only the failure can have led to the second.
    expect((await fetchFrom([first, second], { hedgeDelayMs: 4000 })).versionId).toBe('b');
  });

  it('asks the next after the hedge delay while one stays silent, and aborts the loser', async () => {
    const endpoints = [
      new ScriptedEndpoint('a', ['hang']),
      new ScriptedEndpoint('b', ['hang']),
      new ScriptedEndpoint('c', ['ok']),
    ];
    expect((await fetchFrom(endpoints)).versionId).toBe('c');
    expect(endpoints.map(({ aborted }) => aborted)).toEqual([1, 1, 0]);
  });

  it('tries temporary failures again, permanent ones not', async () => {
    const temporary = new ScriptedEndpoint('a', [failure('x', true), failure('x', true), 'ok']);
    const permanent = new ScriptedEndpoint('b', [failure('y', false)]);
    expect((await fetchFrom([permanent, temporary])).versionId).toBe('a');
    expect([permanent.requests, temporary.requests]).toEqual([1, 3]);
  });

  it('fails at once when all fail for good, and lists what each said', async () => {
    const endpoints = [
      new ScriptedEndpoint('a', [failure('Forbidden.NoPermission', false)]),
      new ScriptedEndpoint('b', [failure('Forbidden.ResourceNotFound', false)]),
    ];
    const error: unknown = await fetchFrom(endpoints).catch((failed: unknown) => failed);
    expect(error).toMatchObject({ code: 'AllKmsEndpointsFailed', secretName: 'app' });
    expect((error as Error).message).toBe(
      'Secret "app" could not be fetched. says Forbidden.NoPermission. says Forbidden.ResourceNotFound.',
    );
    expect(isTemporary(error)).toBe(false);
  });

  it('has the code that all failures have in common', async () => {
    const endpoints = ['a', 'b'].map(
      (name) => new ScriptedEndpoint(name, [failure('Forbidden.NoPermission', false)]),
    );
    await expect(fetchFrom(endpoints)).rejects.toMatchObject({
      code: 'Forbidden.NoPermission',
      temporary: false,
    });
  });

  it('ends when its time is over, and says what was the matter until then', async () => {
    const endpoints = [new ScriptedEndpoint('a', [failure('x', true)]), new ScriptedEndpoint('b', ['hang'])];
    await expect(fetchFrom(endpoints, { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'x',
      temporary: true,
      message: 'Secret "app" could not be fetched within 200 ms. says x. b has not answered yet.',
    });
    expect(endpoints[1]?.aborted).toBe(1);
  });

  it('ends when it is aborted, and leaves nothing running', async () => {
    const endpoint = new ScriptedEndpoint('a', [failure('x', true)]);
    const abort = new AbortController();
    const fetching = fetchFrom([endpoint], { signal: abort.signal });
    abort.abort(new Error('shutdown'));
    await expect(fetching).rejects.toThrow('shutdown');
    const { requests } = endpoint;
    await new Promise((resolve) => {
      setTimeout(resolve, 120);
    });
    expect(endpoint.requests).toBe(requests);
  });
});
