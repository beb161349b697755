import { spawn } from 'node:child_process';

/** Long enough for a cold installation on a slow network; whatever hangs for longer never ends. */
const TIMEOUT_MS = 180_000;

/**
 * Runs a program to its end.
 * @returns what it printed; a program that fails or hangs is an error with all its output
 */
export function run(command, args, { cwd, timeoutMs = TIMEOUT_MS }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      timeout: timeoutMs,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) {
        resolve({ stdout, stderr });
        return;
      }
      const end = signal ? `did not end within ${timeoutMs} ms` : `ended with ${code}`;
      reject(new Error(`${command} ${args.join(' ')} ${end}:\n${stdout}${stderr}`));
    });
  });
}
