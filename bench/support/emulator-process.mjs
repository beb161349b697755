import { startChild } from './child.mjs';

/**
 * Starts an emulator in a process of its own.
 *
 * @param options those of `AlibabaCloudEmulator.start`
 * @returns its `env` and `endpoints`; `call(method, ...args)` runs one of its methods, or `countRequests(target)`
 */
export async function startEmulator(options) {
  const { child, message } = await startChild('emulator-server.mjs', { args: [JSON.stringify(options)] });
  const waiting = new Map();
  child.on('message', ({ id, result }) => {
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  let lastId = 0;
  return {
    ...message,
    call(method, ...args) {
      return new Promise((resolve) => {
        const id = ++lastId;
        waiting.set(id, resolve);
        child.send({ id, method, args });
      });
    },
    stop() {
      child.disconnect();
    },
  };
}
