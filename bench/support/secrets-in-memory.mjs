import { CredentialsCache } from '../../dist/core/credentials-cache.js';
import { DEFAULT_REFRESH_TIMES } from '../../dist/core/refresh-policy.js';
import { RefreshScheduler } from '../../dist/core/refresh-scheduler.js';

/**
 * Secrets with their schedule, put together as the module does it, but with a source that answers at once.
 *
 * @param clock what the schedule goes by
 * @param timers where it sets its timers
 */
export function secretsInMemory({ clock, timers, random = Math.random }) {
  const source = {
    // Every answer has strings of its own, as one from a socket has.
    getSecretValue: async (secretName) => JSON.parse(JSON.stringify(answerFor(secretName))),
  };
  const cache = new CredentialsCache({
    source,
    clock,
    random,
    expiredKeyWaitMs: 5000,
    emit: (event) => scheduler.onEvent(event),
  });
  const scheduler = new RefreshScheduler({
    cache,
    timers,
    clock,
    random,
    times: () => DEFAULT_REFRESH_TIMES,
  });
  return { cache, scheduler };
}

function answerFor(secretName) {
  return {
    secretName,
    versionId: `version-of-${secretName}`,
    secretData: JSON.stringify({
      AccessKeyId: `LTAI5t${secretName.padStart(18, '0')}`,
      AccessKeySecret: secretName.padStart(30, 'x'),
    }),
    secretType: 'RAMCredentials',
    extendedConfig: '{"SecretSubType":"RamUserAccessKey"}',
    rotationInterval: '604800s',
  };
}
