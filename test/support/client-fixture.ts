import { ErrorCodeAkExpireHandler } from '../../lib/clients/ak-expire-handler.js';
import { credentialsProviderOf, currentCredentials } from '../../lib/clients/credentials-provider.js';
import { ExpiredKeyRetry } from '../../lib/clients/expired-key-retry.js';
import { InFlightCalls } from '../../lib/clients/in-flight-calls.js';
import type { ManagedClientContext } from '../../lib/clients/managed-client-definition.js';
import { coreFixture } from './core-fixture.js';

/** What the module builds a client of an SDK with, over a core on a clock and a KMS that the test controls. */
export function clientFixture(sdk: string) {
  const core = coreFixture();
  const { cache, clock, secret } = core;
  const { secretName } = secret;
  const handler = new ErrorCodeAkExpireHandler();
  const judged: unknown[] = [];
  const retry = new ExpiredKeyRetry({
    secret,
    sdk,
    calls: new InFlightCalls(),
    clock,
    closed: cache.closed,
    judge: (error) => {
      judged.push(error);
      return handler.judgeAkExpire(error, { secretName, sdk });
    },
    onRetry: () => undefined,
  });
  const context: ManagedClientContext = {
    secretName,
    credentials: credentialsProviderOf(secret),
    current: () => currentCredentials(secret, cache.closed),
    retryOnExpiredKey: (call, options) => retry.run(call, options),
    retry,
  };
  return { ...core, judged, context };
}

/** How long a call waits for its first key before it gives up; undefined when it does not give up within an hour. */
export async function waitOf(
  { kms, clock }: ReturnType<typeof clientFixture>,
  call: () => Promise<unknown>,
): Promise<number | undefined> {
  kms.latencyMs = 3_600_000;
  const startedAt = clock.monotonic();
  let waitedMs: number | undefined;
  const ended = call().catch((error: unknown) => {
    if (!(error instanceof Error) || error.name !== 'NotReadyError') throw error;
    waitedMs = clock.monotonic() - startedAt;
  });
  await clock.advance(kms.latencyMs);
  await ended;
  return waitedMs;
}
