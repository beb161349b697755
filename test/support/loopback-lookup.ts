import type { LookupFunction } from 'node:net';

/**
 * Stands in for `dns.lookup`: every name is this machine. SDKs that put a bucket or a project before the host name then
 * reach the emulator.
 */
export const loopbackLookup = ((_hostname: string, options: unknown, callback: unknown): void => {
  const done = (typeof options === 'function' ? options : callback) as Parameters<LookupFunction>[2];
  const all = typeof options === 'object' && options !== null && 'all' in options && options.all === true;
  if (all) done(null, [{ address: '127.0.0.1', family: 4 }]);
  else done(null, '127.0.0.1', 4);
}) as never;
