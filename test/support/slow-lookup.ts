import dns from 'node:dns';
import { setTimeout as sleep } from 'node:timers/promises';

import { jest } from '@jest/globals';

import { loopbackLookup } from './loopback-lookup.js';

type Lookup = (hostname: string, ...rest: readonly unknown[]) => void;

/**
 * Makes hosts far away: all names are this machine, and that of a host is found after so many milliseconds, which adds to
 * the time that a connection takes. A host at `Infinity` is never found. Lasts until `jest.restoreAllMocks()`.
 *
 * @returns tells how often a host was looked for
 */
export function placeHosts(distancesMs: Readonly<Record<string, number>>): (hostname: string) => number {
  const find = loopbackLookup as Lookup;
  const lookup: Lookup = (hostname, ...rest) => {
    const distanceMs = distancesMs[hostname] ?? 0;
    if (distanceMs !== Infinity) void sleep(distanceMs).then(() => find(hostname, ...rest));
  };
  const spy = jest.spyOn(dns, 'lookup').mockImplementation(lookup);
  return (hostname) => spy.mock.calls.filter(([name]) => name === hostname).length;
}
