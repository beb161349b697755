import { acsClient, getAcsClientToken, ManagedCredentialsService } from 'nestjs-aliyun-managed-credentials';

import { startEmulator } from './support/emulator-process.mjs';
import { startApp } from './support/start-app.mjs';
import { median } from './support/statistics.mjs';

const SIZES = {
  full: { callers: 50, lagsMs: [0, 1000, 4000], repeats: 3 },
  tiny: { callers: 3, lagsMs: [0, 100], repeats: 1 },
};

export const title = 'KMS that lags behind';

export const about =
  'An emergency rotation under a steady load of 50 callers, each of which makes its next call when the last has ended, while KMS goes on answering the old version for a while. Recovery is the time from the end of the lag to the first success with the new key. Median of three rotations.';

/** Measures the recovery from an emergency rotation for each lag. */
export async function measure(size) {
  const { callers, lagsMs, repeats } = SIZES[size];
  const cloud = await startEmulator({ secrets: ['bench'] });
  const options = { endpoint: cloud.endpoints.openapi, apiVersion: '2014-05-26', opts: { timeout: 30_000 } };
  const app = await startApp(cloud.env, { clients: [acsClient('bench', options)] });
  const client = app.get(getAcsClientToken('bench'));
  const service = app.get(ManagedCredentialsService);
  let kmsRequests = 0;
  service.events.subscribe(({ type }) => {
    if (type === 'kmsRequest') kmsRequests += 1;
  });

  const results = [];
  for (const lagMs of lagsMs) {
    const runs = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      kmsRequests = 0;
      const load = new Load(() => client.request('DescribeRegions', {}), callers);
      await load.successes(callers);
      const before = service.peek('bench').versionId;
      const rotatedAt = performance.now();
      await cloud.call('emergencyRotate', 'bench', { kmsLagMs: lagMs });
      const recoveredAt = await load.firstSuccess(() => service.peek('bench').versionId !== before);
      await load.stop();
      const recoveryMs = recoveredAt - rotatedAt - lagMs;
      runs.push({ recoveryMs, failed: load.failed, calls: load.calls, kmsRequests });
    }
    const sum = (name) => runs.reduce((total, run) => total + run[name], 0);
    results.push({
      lagMs,
      recoveryMs: median(runs.map((run) => run.recoveryMs)),
      calls: sum('calls'),
      failed: sum('failed'),
      kmsRequests: median(runs.map((run) => run.kmsRequests)),
    });
  }
  await app.close();
  cloud.stop();
  return results;
}

/** The table of a measurement. */
export function rows(results) {
  return results.map(({ lagMs, recoveryMs, calls, failed, kmsRequests }) => ({
    'Lag, s': String(lagMs / 1000),
    'Recovery, ms': recoveryMs.toFixed(0),
    Calls: calls.toLocaleString('en-US'),
    Failed: String(failed),
    'KMS requests': String(kmsRequests),
  }));
}

/** Callers that make one call after the other. */
class Load {
  calls = 0;
  failed = 0;
  #isStopped = false;
  #onSuccess = () => undefined;
  #callers;

  constructor(call, callers) {
    this.#callers = Array.from({ length: callers }, () => this.#keepCalling(call));
  }

  /** Resolves after so many more calls that succeeded. */
  successes(count) {
    return new Promise((resolve) => {
      let left = count;
      this.#onSuccess = () => {
        left -= 1;
        if (left === 0) resolve();
      };
    });
  }

  /** Resolves to the instant of the first success for which a condition holds. */
  firstSuccess(condition) {
    return new Promise((resolve) => {
      this.#onSuccess = () => {
        if (condition()) resolve(performance.now());
      };
    });
  }

  async stop() {
    this.#isStopped = true;
    await Promise.all(this.#callers);
  }

  async #keepCalling(call) {
    while (!this.#isStopped) {
      this.calls += 1;
      try {
        await call();
        this.#onSuccess();
      } catch {
        this.failed += 1;
      }
    }
  }
}
