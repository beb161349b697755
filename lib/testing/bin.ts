#!/usr/bin/env node
import { runCommandLine } from './command-line.js';

// Files are removed when the process exits, which an unhandled signal would prevent.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit());

runCommandLine(process.argv.slice(2), process.stdin, process.stdout).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
