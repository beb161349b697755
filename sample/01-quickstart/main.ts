import { parseArgs } from 'node:util';

import { NestFactory } from '@nestjs/core';
import { ManagedCredentialsService } from 'nestjs-aliyun-managed-credentials';

import { AppModule } from './app.module.js';
import { startCloud } from './cloud.js';
import { Dashboard } from './dashboard.js';
import { LoadService } from './load.service.js';

const ROTATION_EVERY_MS = 2000;
const REDRAW_EVERY_MS = 200;

const { values } = parseArgs({ options: { seconds: { type: 'string' } } });
const seconds = values.seconds === undefined ? Infinity : Number(values.seconds);
if (!(seconds > 0)) throw new Error('--seconds takes a number above 0');

const cloud = await startCloud();
console.log(`Managed credentials against ${cloud.description}.`);
console.log(
  `50 callers use ECS and OSS${cloud.rotate ? '; every 2 seconds a key is replaced and the old one revoked at once' : ''}.` +
    `${Number.isFinite(seconds) ? '' : ' Stop with Ctrl+C.'}\n`,
);

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'fatal'] });
const load = app.get(LoadService);
const credentials = app.get(ManagedCredentialsService);
const dashboard = new Dashboard();

const startedAt = performance.now();
const elapsed = () => Math.round((performance.now() - startedAt) / 1000);
let rotations = 0;
let key = credentials.status()[0]?.accessKeyId ?? '';
credentials.events.subscribe((event) => {
  if (event.type !== 'rotated') return;
  key = event.to.accessKeyId;
  dashboard.note(
    `${String(elapsed()).padStart(3)} s  ${event.secretName}: ${event.from.accessKeyId} -> ${event.to.accessKeyId}, fetched in ${event.durationMs.toFixed(0)} ms`,
  );
});

const stop = new AbortController();
const timers = [
  setInterval(() => {
    dashboard.show({
      seconds: elapsed(),
      calls: load.calls,
      failed: load.failures.length,
      rotations,
      kmsCalls: cloud.kmsCalls?.(),
      key,
      p50Ms: load.latency.percentile(0.5),
      p99Ms: load.latency.percentile(0.99),
    });
  }, REDRAW_EVERY_MS),
];
if (cloud.rotate) {
  timers.push(
    setInterval(() => {
      cloud.rotate?.();
      rotations += 1;
    }, ROTATION_EVERY_MS),
  );
}
if (Number.isFinite(seconds)) timers.push(setTimeout(() => stop.abort(), seconds * 1000));
process.once('SIGINT', () => stop.abort());

await load.run(stop.signal);
for (const timer of timers) clearInterval(timer);
dashboard.end();

const kmsCalls = cloud.kmsCalls?.();
console.log(
  `\n${load.calls.toLocaleString('en')} calls in ${elapsed()} s, ${load.failures.length} failed. ` +
    `${rotations} emergency rotations${kmsCalls === undefined ? '' : `, ${kmsCalls} KMS calls`}. ` +
    `Latency p50 ${load.latency.percentile(0.5).toFixed(1)} ms, p99 ${load.latency.percentile(0.99).toFixed(1)} ms.`,
);
for (const failure of load.failures.slice(0, 5)) console.error(failure);
await app.close();
await cloud.stop();
process.exitCode = load.failures.length === 0 ? 0 : 1;
