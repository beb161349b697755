import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ROOT, type CodeBlock } from './markdown.js';

const BIN = join(ROOT, 'dist/testing/bin.js');

/** A place where the commands of a page find this package as if it were installed. */
export class Shell {
  readonly folder = mkdtempSync(join(tmpdir(), 'commands-'));
  readonly #env = { ...process.env, PATH: `${this.folder}:${process.env['PATH']}`, TMPDIR: this.folder };
  readonly #started: ChildProcess[] = [];

  constructor() {
    if (!existsSync(BIN)) throw new Error('dist/ is missing: npm run build');
    this.#program('npx', `shift; exec '${process.execPath}' '${BIN}' "$@"`);
    // An error status fails the command, so that no example is refused unnoticed.
    this.#program('curl', `PATH='${process.env['PATH']}'; exec curl --fail-with-body "$@"`);
  }

  /** Starts one command. */
  start(code: string) {
    const program = spawn('sh', ['-c', `exec ${code}`], {
      cwd: this.folder,
      env: this.#env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#started.push(program);
    return program;
  }

  /**
   * Runs blocks in one shell, and gives what each has printed; a block that is marked `refused` must fail.
   * @throws Error with what the shell has complained about, when a command has failed
   */
  async run(blocks: readonly CodeBlock[]): Promise<string[]> {
    const script = blocks.map(({ code, remark }, index) => {
      const redirected = `{\n${code}\n} > printed-${index}`;
      return remark === 'refused' ? `if ${redirected}; then exit 99; fi` : redirected;
    });
    writeFileSync(join(this.folder, 'script'), `set -eu\n${script.join('\n')}\nwait\n`);
    const { status, stderr } = await this.#runScript();
    if (status !== 0) throw new Error(`exit code ${status}: ${stderr}`);
    return blocks.map((_, index) => readFileSync(join(this.folder, `printed-${index}`), 'utf8'));
  }

  /** Temporary folders that programs have left. */
  leftovers(): string[] {
    return readdirSync(this.folder).filter((name) => name.startsWith('alibaba-cloud-emulator-'));
  }

  /** Ends what has been started, and removes the place. */
  remove(): void {
    for (const program of this.#started) program.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #runScript(): Promise<{ status: number | null; stderr: string }> {
    const stdio = ['ignore', 'inherit', 'pipe'] as const;
    // In a group of its own, so that what it leaves behind can be ended with it.
    const options = { cwd: this.folder, env: this.#env, stdio: [...stdio], detached: true };
    const shell = spawn('sh', ['script'], options);
    let stderr = '';
    shell.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const status = await new Promise<number | null>((resolve) => {
      shell.once('exit', resolve);
    });
    if (status !== 0 && shell.pid !== undefined) endGroup(shell.pid);
    return { status, stderr };
  }

  #program(name: string, code: string): void {
    writeFileSync(join(this.folder, name), `#!/bin/sh\n${code}\n`, { mode: 0o755 });
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid);
  } catch {
    // Nobody of it is left.
  }
}

/** Whether curl is there and knows `--json`. */
export function canCurl(): boolean {
  const { status, stdout } = spawnSync('curl', ['--help', 'all'], { encoding: 'utf8' });
  return status === 0 && stdout.includes('--json');
}

/** A port that nobody uses now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}
