import { seededRandom } from '../../test/soak/seeded-random.mjs';
import { SimulatedCloud } from './simulated-cloud.mjs';
import { VirtualTime } from './virtual-time.mjs';
import { Watch } from './watch.mjs';

/** How long a simulation goes on once all instances have the new key, for the calls that still wait. */
const TAIL_MS = 30_000;

/**
 * Sends a fleet through a scenario.
 *
 * @param Instance the class of its instances
 * @returns the figures of the watch; the same for the same seed
 */
export async function simulate(Instance, scenario, { instances, requestsPerSecond, seed }) {
  const time = new VirtualTime();
  const random = seededRandom(seed);
  const cloud = new SimulatedCloud({ time, random, requestsPerSecond });
  const watch = new Watch({ time, random, scenario, instances });
  const onVersion = (version) => {
    if (version > 1) watch.onNewKey();
  };
  scenario.prepare?.(cloud, time);
  for (const [at, happen] of scenario.happenings) time.setTimer(at, () => happen(cloud, time));
  for (let index = 0; index < instances; index++) {
    const instance = new Instance({ time, random, cloud, onVersion });
    time.setTimer(random() * scenario.startWithinMs, () => void instance.start());
    time.setTimer(scenario.watchFrom, () => watch.begin(instance));
  }
  await time.run(
    scenario.endAt,
    () => scenario.endWhenDone === true && time.monotonic() > watch.doneAt + TAIL_MS,
  );
  return watch.figures(cloud.requestsBySecond);
}
