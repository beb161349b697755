#!/usr/bin/env node
import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import { runCommandLine } from './command-line.js';

// Files are removed when the process exits, which an unhandled signal would prevent.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit());

runCommandLine(process.argv.slice(2), hasInput() ? process.stdin : undefined, process.stdout).catch(
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);

/** Whether anybody can give commands: a terminal, a pipe or a file, but not /dev/null, which has ended already. */
function hasInput(): boolean {
  try {
    return isatty(0) || !fstatSync(0).isCharacterDevice();
  } catch {
    return false;
  }
}
