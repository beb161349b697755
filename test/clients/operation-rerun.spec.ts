import { describe, expect, it } from '@jest/globals';

import { ExpiredKey, retryFixture } from '../support/retry-fixture.js';

/** An operation whose calls consume what they send, and which opens it anew on each run. */
function streamingOperation(fixture: ReturnType<typeof retryFixture>) {
  return () => fixture.call({ replayable: false });
}

describe('an operation whose calls cannot be sent twice', () => {
  it('is done anew from its start with the new key', async () => {
    const fixture = retryFixture();
    await fixture.call();
    fixture.emergencyRotate(2);
    await expect(fixture.retry.rerun(streamingOperation(fixture))).resolves.toBe('v2');
    expect(fixture.sent).toEqual(['v1', 'v1', 'v2']);
    expect(fixture.retries).toEqual(['v1']);
  });

  it('is done three times at most', async () => {
    const { kms, retry, call, sent, retries } = retryFixture();
    await call();
    const doomed = retry.rerun(() =>
      retry.run(
        async ({ versionId }) => {
          sent.push(versionId);
          kms.version = Number(versionId.slice(1)) + 1;
          throw new ExpiredKey(versionId);
        },
        { replayable: false },
      ),
    );
    await expect(doomed).rejects.toThrow('v3');
    expect(sent).toEqual(['v1', 'v1', 'v2', 'v3']);
    expect(retries).toEqual(['v1', 'v2']);
  });

  it('is not done anew when what it sends is used up', async () => {
    const fixture = retryFixture();
    await fixture.call();
    fixture.emergencyRotate(2);
    const operation = fixture.retry.rerun(streamingOperation(fixture), () => false);
    await expect(operation).rejects.toThrow(ExpiredKey);
    expect(fixture.sent).toEqual(['v1', 'v1']);
    expect(fixture.retries).toEqual([]);
  });

  it('is not done anew while there is no newer key', async () => {
    const fixture = retryFixture({ expiredKeyWaitMs: 0 });
    await fixture.call();
    fixture.accepted.clear();
    await expect(fixture.retry.rerun(streamingOperation(fixture))).rejects.toThrow(ExpiredKey);
    expect(fixture.sent).toEqual(['v1', 'v1']);
  });

  it.each([[new Error('disk full')], ['disk full']])(
    'is not done anew when it fails for a reason of its own: %p',
    async (reason) => {
      const { retry } = retryFixture();
      let runs = 0;
      const operation = retry.rerun(() => {
        runs += 1;
        return Promise.reject(reason);
      });
      await expect(operation).rejects.toBe(reason);
      expect(runs).toBe(1);
    },
  );
});
