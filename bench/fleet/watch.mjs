/** How much of a scenario its curves show. */
const CURVE_SECONDS = 300;

/** Makes the calls of a fleet, and notes what becomes of them and when the instances get the new key. */
export class Watch {
  /** When the last instance got the new key, in milliseconds since the start. */
  doneAt = Infinity;
  #time;
  #random;
  #scenario;
  #instances;
  #newKeyAt = [];
  #calls = 0;
  #failedAt = [];
  #longestCallMs = 0;

  constructor({ time, random, scenario, instances }) {
    this.#time = time;
    this.#random = random;
    this.#scenario = scenario;
    this.#instances = instances;
  }

  /** Starts the calls of one instance. */
  begin(instance) {
    const { callEveryMs, callAtOnce = false } = this.#scenario;
    if (callAtOnce) void this.#call(instance);
    const again = () => {
      void this.#call(instance);
      this.#time.setTimer(callEveryMs, again);
    };
    this.#time.setTimer(this.#random() * callEveryMs, again);
  }

  /** Tells that an instance has got the new key. */
  onNewKey() {
    this.#newKeyAt.push(this.#time.monotonic());
    if (this.#newKeyAt.length === this.#instances) this.doneAt = this.#time.monotonic();
  }

  /**
   * The outcome. `lastOnNewKeyMs` counts from the moment when the new key can be had: the rotation, or the return of
   * KMS. The curves begin at the scenario's `watchFrom`.
   *
   * @param requestsBySecond requests to KMS since the start
   */
  figures(requestsBySecond) {
    const { watchFrom, rotateAt, kmsBackAt = rotateAt } = this.#scenario;
    const requests = requestsBySecond.slice(Math.floor(watchFrom / 1000));
    const lastAt = this.doneAt === Infinity ? undefined : this.doneAt;
    return {
      peakRequestsPerSecond: requests.reduce((peak, count) => Math.max(peak, count), 0),
      requests: requests.reduce((sum, count) => sum + count, 0),
      lastOnNewKeyMs: lastAt === undefined ? null : lastAt - Math.max(rotateAt, kmsBackAt),
      withoutNewKey: this.#instances - this.#newKeyAt.length,
      calls: this.#calls,
      failedCalls: this.#failedAt.length,
      longestCallMs: this.#longestCallMs,
      curves: this.#curves(requests),
    };
  }

  async #call(instance) {
    const startedAt = this.#time.monotonic();
    this.#calls += 1;
    try {
      await instance.call();
    } catch {
      this.#failedAt.push(this.#time.monotonic());
    }
    this.#longestCallMs = Math.max(this.#longestCallMs, this.#time.monotonic() - startedAt);
  }

  /** The beginning of the scenario, second by second. */
  #curves(requests) {
    const requestsPerSecond = requests.slice(0, CURVE_SECONDS);
    const ends = requestsPerSecond.map((_, second) => this.#scenario.watchFrom + (second + 1) * 1000);
    return {
      requestsPerSecond,
      onNewKey: countBefore(this.#newKeyAt, ends),
      failedCalls: countBefore(this.#failedAt, ends),
    };
  }
}

/** How many of some instants, in order, lie before each of others, in order. */
function countBefore(instants, ends) {
  let count = 0;
  return ends.map((endAt) => {
    while (count < instants.length && instants[count] < endAt) count += 1;
    return count;
  });
}
