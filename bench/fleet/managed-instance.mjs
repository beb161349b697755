import { ExpiredKeyRetry } from '../../dist/clients/expired-key-retry.js';
import { InFlightCalls } from '../../dist/clients/in-flight-calls.js';
import { CredentialsCache } from '../../dist/core/credentials-cache.js';
import { DEFAULT_REFRESH_TIMES } from '../../dist/core/refresh-policy.js';
import { RefreshScheduler } from '../../dist/core/refresh-scheduler.js';
import { KmsSource } from '../../dist/kms/kms-source.js';
import { resolveOptions } from '../../dist/managed-credentials.options.js';

const SECRET = 'app';

/** One instance of an application with this library: its own code and defaults, put together as the module does it. */
export class ManagedInstance {
  #secret;
  #retry;
  #cloud;

  constructor({ time: clock, random, cloud, onVersion }) {
    const { kmsTimes, expiredKeyWaitMs } = resolveOptions({});
    const endpoint = {
      label: 'KMS',
      address: { hostname: 'kms', port: 443 },
      getSecretValue: (secretName) => cloud.getSecretValue(secretName),
      close: () => undefined,
    };
    const cache = new CredentialsCache({
      source: new KmsSource([endpoint], kmsTimes, { clock, random }),
      clock,
      random,
      expiredKeyWaitMs,
      emit: (event) => {
        if (event.type === 'rotated') onVersion(versionOf(event.to));
        scheduler.onEvent(event);
      },
    });
    let cancel;
    const scheduler = new RefreshScheduler({
      cache,
      clock,
      random,
      times: () => DEFAULT_REFRESH_TIMES,
      timers: {
        set: (_name, delayMs, callback) => {
          cancel?.();
          cancel = clock.setTimer(delayMs, callback);
        },
        clear: () => cancel?.(),
      },
    });
    this.#cloud = cloud;
    this.#secret = cache.declare(SECRET);
    this.#retry = new ExpiredKeyRetry({
      secret: this.#secret,
      sdk: 'acs',
      calls: new InFlightCalls(),
      clock,
      closed: cache.closed,
      judge: (error) => error.code === 'InvalidAccessKeyId.NotFound',
      onRetry: () => undefined,
    });
  }

  async start() {
    await this.#secret.get();
  }

  /** Makes one call of the API. */
  async call() {
    await this.#retry.run((credentials) => this.#cloud.call(versionOf(credentials)));
  }
}

function versionOf({ versionId }) {
  return Number(versionId.slice(1));
}
