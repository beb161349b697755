import Core from '@alicloud/pop-core';
import { acsClient, getAcsClientToken, ManagedCredentialsService } from 'nestjs-aliyun-managed-credentials';

import { startEmulator } from './support/emulator-process.mjs';
import { startApp } from './support/start-app.mjs';
import { median, timed } from './support/statistics.mjs';

const SIZES = { full: { calls: 10_000, repeats: 3 }, tiny: { calls: 20, repeats: 1 } };

/** Far above what 20,000 requests take on loopback; pop-core's own default is 3 s. */
const TIMEOUT_MS = 120_000;

/** No further storm begins after this time. */
const BUDGET_MS = 25_000;

export const title = 'Storm on a revoked key';

export const about =
  'An emergency rotation while 10,000 ACS calls start at the same moment: each is refused once and sent again with the new key. Beside it the same calls through the bare client of the SDK with a good key, in the same run, and the round trips of one call and one fetch. The last success is counted from the start of the calls, by when each has been sent twice, and from the moment when the last of them was refused. The bound is the round trip of a fetch, that of a call, and the time of the bare calls. The median of up to three storms; cloud and KMS are emulated in a process of their own.';

/** Measures calls, KMS requests and times of a storm. */
export async function measure(size) {
  const { calls, repeats } = SIZES[size];
  const cloud = await startEmulator({ secrets: ['bench'], requestLogLimit: 10 });
  const options = {
    endpoint: cloud.endpoints.openapi,
    apiVersion: '2014-05-26',
    opts: { timeout: TIMEOUT_MS },
  };
  let lastRefusalAt = 0;
  const akExpireHandler = {
    judgeAkExpire(error) {
      lastRefusalAt = performance.now();
      return error.code === 'InvalidAccessKeyId.NotFound';
    },
  };
  const results = [];
  const endAt = performance.now() + BUDGET_MS;
  for (let repeat = 0; repeat < repeats && performance.now() < endAt; repeat++) {
    const { accessKeyId, accessKeySecret } = await cloud.call('secret', 'bench');
    const bare = new Core({ ...options, accessKeyId, accessKeySecret });
    const { ms: bareMs, failed: bareFailed } = await storm(() => call(bare), calls);
    bare.keepAliveAgent.destroy();
    if (bareFailed > 0)
      throw new Error(
        `${bareFailed} calls of the bare client have failed; is the limit of open files too low?`,
      );

    // An application of its own for each storm: connections that are still open would spare the next one theirs.
    const app = await startApp(cloud.env, { clients: [acsClient('bench', { ...options, akExpireHandler })] });
    const managed = app.get(getAcsClientToken('bench'));
    const service = app.get(ManagedCredentialsService);
    const apiMs = median(await several(20, () => timed(() => call(managed))));
    const kmsMs = median(await several(20, () => timed(() => service.refresh('bench'))));
    let kmsRequests = 0;
    service.events.subscribe(({ type }) => {
      if (type === 'kmsRequest') kmsRequests += 1;
    });
    await cloud.call('emergencyRotate', 'bench');
    const { ms, failed } = await storm(() => call(managed), calls);
    const afterRefusalMs = performance.now() - lastRefusalAt;
    await app.close();
    results.push({ calls, failed, kmsRequests, ms, afterRefusalMs, bareMs, apiMs, kmsMs });
  }
  cloud.stop();
  return results.toSorted((a, b) => a.ms / a.bareMs - b.ms / b.bareMs)[Math.floor(results.length / 2)];
}

/** The table of a measurement. */
export function rows({ calls, failed, kmsRequests, ms, afterRefusalMs, bareMs, apiMs, kmsMs }) {
  return [
    {
      Calls: calls.toLocaleString('en-US'),
      Failed: String(failed),
      'KMS requests': String(kmsRequests),
      'Last success, ms': ms.toFixed(0),
      'After the last refusal, ms': afterRefusalMs.toFixed(0),
      'Bound, ms': (kmsMs + apiMs + bareMs).toFixed(0),
      'Bare calls, ms': bareMs.toFixed(0),
    },
  ];
}

function call(client) {
  return client.request('DescribeRegions', {}, { method: 'POST' });
}

async function storm(send, count) {
  let failed = 0;
  const ms = await timed(() =>
    Promise.all(
      Array.from({ length: count }, () =>
        send().catch(() => {
          failed += 1;
        }),
      ),
    ),
  );
  return { ms, failed };
}

async function several(count, act) {
  const results = [];
  for (let index = 0; index < count; index++) results.push(await act());
  return results;
}
