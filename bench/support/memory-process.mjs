// Measures the heap that secrets take, in a process of its own whose garbage can be collected at will.
import { SchedulerRegistry } from '@nestjs/schedule';

import { systemClock } from '../../dist/core/clock.js';
import { RegistryTimers } from '../../dist/registry-timers.js';
import { secretsInMemory } from './secrets-in-memory.mjs';

const secrets = Number(process.argv[2]);
const names = Array.from({ length: secrets }, (_, index) => `secret-${index}`);
const timers = new RegistryTimers(new SchedulerRegistry(), () => 1);
const { cache, scheduler } = secretsInMemory({ clock: systemClock, timers });
const fetchAll = (some) => Promise.all(some.map((name) => cache.declare(name).get()));

// What is made once, code included, is no part of what a secret takes.
await fetchAll(['first']);
const before = usedHeap();
await fetchAll(names);
const after = usedHeap();
scheduler.close();
process.send({ secrets, bytesPerSecret: (after - before) / secrets });
process.disconnect();

function usedHeap() {
  for (let run = 0; run < 4; run++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
