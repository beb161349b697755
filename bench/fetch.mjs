import { generateKeyPairSync, sign } from 'node:crypto';
import { promisify } from 'node:util';

import { ManagedCredentialsService } from 'nestjs-aliyun-managed-credentials';

import { startEmulator } from './support/emulator-process.mjs';
import { startApp } from './support/start-app.mjs';
import { median } from './support/statistics.mjs';

const SIZES = {
  full: { parallel: 32, perRound: 320, rounds: 12, warmUpRounds: 3 },
  tiny: { parallel: 2, perRound: 4, rounds: 2, warmUpRounds: 0 },
};

export const title = 'GetSecretValue';

export const about =
  'Fetches of secrets from dedicated KMS through the whole module, over TLS connections that are kept: the CPU time of this process for each (its threads included), how many one core can therefore make in a second, and the CPU time of the one RSA-2048 signature that each takes, measured in turns with them. Median of 12 rounds of 320; KMS is emulated in a process of its own.';

/** Measures the CPU time of a fetch, and of a signature. */
export async function measure(size) {
  const { parallel, perRound, rounds, warmUpRounds } = SIZES[size];
  const names = Array.from({ length: parallel }, (_, index) => `secret-${index}`);
  const cloud = await startEmulator({ secrets: names, requestLogLimit: 10 });
  const app = await startApp(cloud.env, {});
  const service = app.get(ManagedCredentialsService);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const message = Buffer.alloc(300, 'x');
  const signOnce = promisify(sign);
  const fetchMicros = [];
  const signMicros = [];
  for (let round = -warmUpRounds; round < rounds; round++) {
    // A secret is fetched once at a time, so that each worker has one of its own.
    const ofFetch = await cpuMicros(perRound, names, (name) => service.refresh(name));
    const ofSign = await cpuMicros(perRound, names, () => signOnce('RSA-SHA256', message, privateKey));
    if (round < 0) continue;
    fetchMicros.push(ofFetch);
    signMicros.push(ofSign);
  }
  await app.close();
  cloud.stop();
  return { fetchMicros: median(fetchMicros), signMicros: median(signMicros) };
}

/** The table of a measurement. */
export function rows({ fetchMicros, signMicros }) {
  return [
    {
      'CPU time of a fetch, µs': fetchMicros.toFixed(0),
      'Fetches per second and core': Math.floor(1e6 / fetchMicros).toLocaleString('en-US'),
      'CPU time of an RSA-2048 signature, µs': signMicros.toFixed(0),
      'Fetch / signature': (fetchMicros / signMicros).toFixed(2),
    },
  ];
}

/** The CPU time of one of many operations, some of which run at the same time. */
async function cpuMicros(count, workers, act) {
  const before = process.cpuUsage();
  await Promise.all(
    workers.map(async (worker) => {
      for (let index = 0; index < count / workers.length; index++) await act(worker);
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}
