import { VirtualTime } from './fleet/virtual-time.mjs';
import { median } from './support/statistics.mjs';
import { secretsInMemory } from './support/secrets-in-memory.mjs';

const SIZES = { full: { secrets: 10_000, hours: 3 }, tiny: { secrets: 50, hours: 1 } };
const HOUR_MS = 60 * 60_000;

export const title = 'An idle hour';

export const about =
  "The CPU time that the schedules of 10,000 secrets take in an hour in which nothing is refreshed. The hour passes in virtual time: the library's timers fire one after the other on a simulated clock, and they and the CPU time of firing them are counted. Node's own timers are not part of it. Median of three hours.";

/** Measures the timers and the CPU time of an hour. */
export async function measure(size) {
  const { secrets, hours } = SIZES[size];
  const clock = new VirtualTime();
  const cancels = new Map();
  let fired = 0;
  const timers = {
    set(name, delayMs, callback) {
      cancels.get(name)?.();
      const onTimer = () => {
        fired += 1;
        callback();
      };
      cancels.set(name, clock.setTimer(delayMs, onTimer));
    },
    clear: (name) => cancels.get(name)?.(),
  };
  const { cache, scheduler } = secretsInMemory({ clock, timers });
  const names = Array.from({ length: secrets }, (_, index) => `secret-${index}`);
  await Promise.all(names.map((name) => cache.declare(name).get()));
  const samples = [];
  for (let hour = 1; hour <= hours; hour++) {
    fired = 0;
    const before = process.cpuUsage();
    await clock.run(hour * HOUR_MS);
    const { user, system } = process.cpuUsage(before);
    samples.push({ timers: fired, cpuMs: (user + system) / 1000 });
  }
  scheduler.close();
  return {
    secrets,
    timers: median(samples.map((sample) => sample.timers)),
    cpuMs: median(samples.map((sample) => sample.cpuMs)),
  };
}

/** The table of a measurement. */
export function rows({ secrets, timers, cpuMs }) {
  return [
    {
      Secrets: secrets.toLocaleString('en-US'),
      'Timers fired': timers.toLocaleString('en-US'),
      'CPU time, ms': cpuMs.toFixed(0),
      'Share of a core': `${((cpuMs / HOUR_MS) * 100).toFixed(4)} %`,
    },
  ];
}
