import { connect } from 'node:net';

import type { NetworkAddress } from './kms-endpoint.js';

/** How long a measurement takes at most; whoever has not been reached by then is out of reach. */
const LIMIT_MS = 5000;

/**
 * Measures how long it takes to connect to an address over TCP, in milliseconds; `Infinity` when it cannot be reached.
 * It takes no `ping` binary and no privilege, and it measures what requests depend on.
 */
export function measureConnectTime(address: NetworkAddress, signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    const socket = connect({ host: address.hostname, port: address.port });
    const end = (connectMs: number) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(connectMs);
    };
    const onAbort = () => end(Infinity);
    const timer = setTimeout(onAbort, LIMIT_MS).unref();
    socket.unref();
    socket.once('connect', () => end(performance.now() - startedAt));
    socket.once('error', () => end(Infinity));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  });
}
