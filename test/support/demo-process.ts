import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { until } from './poll.js';

const MAIN = fileURLToPath(new URL('../../dist-sample/01-quickstart/main.js', import.meta.url));

/** The compiled demo, as a process of its own with its own place for temporary files. */
export class DemoProcess {
  /** All that it has printed. */
  printed = '';
  /** Its exit code, once it has ended; null when a signal has ended it. */
  exitCode: number | null | undefined;
  readonly #folder = mkdtempSync(join(tmpdir(), 'demo-'));
  readonly #process: ChildProcess;

  constructor(...args: readonly string[]) {
    if (!existsSync(MAIN)) throw new Error('dist-sample/ is missing: npm run build && npm run build:sample');
    const { cache_client_dkms_config_info: _, cache_client_region_id: __, ...inherited } = process.env;
    this.#process = spawn(process.execPath, [MAIN, ...args], {
      env: { ...inherited, TMPDIR: this.#folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.printed += chunk.toString()));
    }
    this.#process.once('close', (code) => (this.exitCode = code));
  }

  /** Waits for something to be printed. */
  async saying(pattern: RegExp): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null;
    await until(() => (found ??= pattern.exec(this.printed)) !== null, `${pattern}`, 20_000);
    if (found === null) throw new Error('never');
    return found;
  }

  /** Waits until what it has printed fits. */
  async printing(condition: () => boolean): Promise<void> {
    await until(condition, 'what is to be printed', 20_000);
  }

  /** The address of its page, once it is served. */
  async url(): Promise<string> {
    const [, url = ''] = await this.saying(/(http:\/\/127\.0\.0\.1:\d+)/);
    return url;
  }

  /** Presses a button over HTTP, as the page does, and gives the status. */
  async press(action: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<number> {
    const url = `${await this.url()}/actions/${action}`;
    const sent = { 'content-type': 'application/json', ...headers };
    const answer = await fetch(url, { method: 'POST', headers: sent, body: JSON.stringify(body) });
    return answer.status;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Waits for its end. */
  async ended(): Promise<number | null> {
    await until(() => this.exitCode !== undefined, 'the end of the demo', 60_000);
    return this.exitCode ?? null;
  }

  /** The temporary folders that it has now. */
  temporaryFolders(): string[] {
    return readdirSync(this.#folder);
  }

  /** Ends it for good. */
  remove(): void {
    this.#process.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
