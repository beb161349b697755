import { setTimeout as sleep } from 'node:timers/promises';

import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ManagedCredentialsService } from 'nestjs-aliyun-managed-credentials';

import { EmulatedCloud } from './cloud/emulated-cloud.js';
import { startCloud } from './cloud/start-cloud.js';
import type { DemoOptions } from './command-line.js';
import { LivePageModule } from './live-page/live-page.module.js';
import { addPage, servePage } from './live-page/serve-page.js';
import { CALLERS, LoadService } from './load/load.service.js';
import { Dashboard } from './terminal/dashboard.js';
import { TerminalLogger } from './terminal/terminal-logger.js';
import { TerminalView } from './terminal/terminal-view.js';

/** How long the end waits for calls that wait for a key. */
const LAST_CALLS_MS = 2000;

/**
 * Runs the demo until its time is over or the signal is aborted, and prints what there is to see.
 *
 * @returns how many calls have failed
 */
export async function runDemo({ seconds, port }: DemoOptions, signal: AbortSignal): Promise<number> {
  const cloud = await startCloud();
  const isEmulated = cloud instanceof EmulatedCloud;
  const dashboard = new Dashboard();
  const app = await NestFactory.create<NestExpressApplication>(LivePageModule.forRoot(cloud), {
    logger: new TerminalLogger(dashboard),
    // A page that is open would hold up the end.
    forceCloseConnections: true,
  });
  addPage(app);
  await app.init();

  console.log(`Managed credentials against ${cloud.description}.`);
  const rotations = isEmulated ? '; every 2 seconds a key is replaced and the old one revoked at once' : '';
  console.log(`${CALLERS} callers use ECS and OSS${rotations}. Stop with Ctrl+C.`);
  if (port !== undefined) await announcePage(app, port, isEmulated);
  console.log();

  const { signal: stop, timer } = endAfter(seconds, signal);
  const load = app.get(LoadService);
  const view = new TerminalView(app.get(ManagedCredentialsService), load.recorder, cloud, dashboard);
  if (isEmulated) cloud.automaticRotation.start();
  stop.addEventListener('abort', () => isEmulated && cloud.automaticRotation.stop());
  await Promise.race([load.run(stop), lastCalls(stop)]);
  clearTimeout(timer);
  load.recorder.close();
  view.end();
  await app.close();
  await cloud.stop();
  return load.recorder.failed;
}

/**
 * A signal that is aborted with another one, or when the time is over. `AbortSignal.any` of Node 20 may lose the signal
 * of a time-out to the garbage collection, and would then never end.
 */
function endAfter(seconds: number, signal: AbortSignal) {
  const end = new AbortController();
  signal.addEventListener('abort', () => end.abort());
  const timer = Number.isFinite(seconds) ? setTimeout(() => end.abort(), seconds * 1000) : undefined;
  return { signal: end.signal, timer };
}

async function announcePage(app: NestExpressApplication, port: number, isEmulated: boolean): Promise<void> {
  const url = await servePage(app, port);
  const isElsewhere = port !== 0 && Number(new URL(url).port) !== port;
  console.log(
    `Watch it${isEmulated ? ', and try to break it' : ''}: ${url}${isElsewhere ? ` (port ${port} is taken)` : ''}`,
  );
}

async function lastCalls(stop: AbortSignal): Promise<void> {
  await new Promise((resolve) => {
    stop.addEventListener('abort', resolve);
  });
  await sleep(LAST_CALLS_MS, undefined, { ref: false });
}
