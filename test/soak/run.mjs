// A long run under random faults: `npm run soak -- --minutes 5 --seed 1`. It ends with its figures, and with exit code 1
// when a call was lost or something has grown.
import { parseArgs } from 'node:util';

import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { acsClient, ManagedCredentialsModule, ossClient, roaClient } from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { Faults } from './faults.mjs';
import { Load } from './load.mjs';
import { seededRandom } from './seeded-random.mjs';
import { Vitals } from './vitals.mjs';

const SECRETS = ['acs-secret', 'roa-secret', 'oss-secret'];

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '5' }, seed: { type: 'string' } },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (!(minutes > 0 && minutes <= 24 * 60) || !Number.isInteger(seed)) {
  console.error('Usage: npm run soak -- [--minutes N] [--seed N], with up to 1440 minutes.');
  process.exit(2);
}
if (globalThis.gc === undefined) {
  console.error('The size of the heap is only known after a collection: run node with --expose-gc.');
  process.exit(2);
}

const cloud = await AlibabaCloudEmulator.start({
  secrets: SECRETS,
  regions: ['cn-shanghai'],
  requestLogLimit: 1000,
});
const [acs, roa, oss] = [{ apiVersion: '2014-05-26' }, { apiVersion: '2015-12-15' }, { bucket: 'soak' }];
class AppModule {}
Module({
  imports: [
    ConfigModule.forRoot({ ignoreEnvFile: true, load: [() => cloud.dedicatedKmsEnv()] }),
    ManagedCredentialsModule.forRoot({
      // A busy schedule, and time-outs that let a fault end while the run goes on.
      refresh: { rotationIntervalMs: 2000, delayIntervalMs: 0, jitterMs: 1000 },
      kms: { readTimeoutMs: 1500, hedgeDelayMs: 200 },
      clients: [
        acsClient('acs-secret', { endpoint: cloud.endpoints.openapi, ...acs, opts: { timeout: 30_000 } }),
        roaClient('roa-secret', { endpoint: cloud.endpoints.openapi, ...roa, opts: { timeout: 30_000 } }),
        ossClient('oss-secret', { region: 'oss-cn-hangzhou', endpoint: cloud.endpoints.oss, ...oss }),
      ],
    }),
  ],
})(AppModule);
const app = await NestFactory.createApplicationContext(AppModule, { logger: false });

const random = seededRandom(seed);
const load = new Load(app, random);
const faults = new Faults(cloud, SECRETS, random);
const vitals = new Vitals();
console.log(`Soaking for ${minutes} minutes with seed ${seed}`);
const endAt = performance.now() + minutes * 60_000;
const progress = setInterval(
  () => {
    vitals.take();
    const leftS = Math.max(0, Math.round((endAt - performance.now()) / 1000));
    console.log(
      `${load.calls} calls, ${load.lost.length} lost, ${faults.total} faults, ${vitals.text}, ${leftS} s left`,
    );
  },
  Math.min(10_000, minutes * 5000),
);
await Promise.all([load.runUntil(endAt), faults.runUntil(endAt)]);
clearInterval(progress);
vitals.take();
await app.close();
await cloud.stop();

console.table(faults.counts);
console.table({ ...load.figures, 'torn pairs': cloud.tornPairs });
for (const { operation, error } of load.lost.slice(0, 5)) {
  console.error(`lost: ${operation}: ${error?.name} ${error?.code ?? ''} ${error?.status ?? ''}`);
}
const problems = [
  ...(load.lost.length > 0 ? [`${load.lost.length} calls were lost`] : []),
  ...(cloud.tornPairs > 0 ? [`${cloud.tornPairs} calls were signed with a torn pair`] : []),
  ...vitals.problems(),
];
console.log(
  problems.length === 0 ? `No call lost, nothing has grown (${vitals.growth}).` : problems.join('\n'),
);
process.exitCode = problems.length === 0 ? 0 : 1;
