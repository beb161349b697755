import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import type { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { until } from './poll.js';

/** How a process has ended. */
interface End {
  /** Undefined when a signal has ended it. */
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A fixture's application in a process of its own, against the built package and an emulated cloud. */
export class AppProcess {
  /** All that it has printed. */
  printed = '';
  #end: End | undefined;
  readonly #process: ChildProcess;

  /** @param fixture the name of a file in `test/fixtures` */
  constructor(cloud: AlibabaCloudEmulator, fixture: string, ...args: readonly string[]) {
    const path = fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url));
    this.#process = spawn(process.execPath, [path, ...args], {
      env: {
        ...process.env,
        ...cloud.dedicatedKmsEnv(),
        OPENAPI: cloud.endpoints.openapi,
        OSS: cloud.endpoints.oss,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
      killSignal: 'SIGKILL',
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.printed += chunk.toString()));
    }
    this.#process.once('close', (exitCode, signal) => {
      this.#end = { exitCode: exitCode ?? undefined, signal: signal ?? undefined, at: Date.now() };
    });
  }

  /** Waits until it has printed something. */
  async saying(what: string): Promise<void> {
    await until(() => this.printed.includes(what) || this.#end !== undefined, what, 20_000);
    if (!this.printed.includes(what)) throw new Error(`it ended without saying "${what}": ${this.printed}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Waits for its end, which it has to find by itself. */
  async ended(): Promise<End> {
    await until(() => this.#end !== undefined, 'the end of the process', 25_000);
    if (this.#end === undefined) throw new Error('never');
    return this.#end;
  }
}
