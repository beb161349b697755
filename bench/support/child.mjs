import { fork } from 'node:child_process';
import { once } from 'node:events';

/**
 * Starts a program of this folder in a process of its own and waits for its first message. It ends with
 * `disconnect()`, and in any case with this process.
 *
 * @returns the process, and the message
 */
export async function startChild(file, { args = [], execArgv = [] } = {}) {
  const child = fork(new URL(file, import.meta.url), args, { execArgv, serialization: 'advanced' });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended before it was ready, with code ${code}`);
  });
  const [message] = await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => undefined);
  return { child, message };
}
