const MEBIBYTE = 1024 * 1024;

/** A heap that has grown by less than this is noise: caches of the runtime, compiled code. */
const HEAP_SLACK_BYTES = 8 * MEBIBYTE;
/** Sockets and timers that come and go with the load. */
const RESOURCE_SLACK = 30;

/** The size of the heap and the number of sockets and timers, over time. */
export class Vitals {
  #samples = [];

  take() {
    globalThis.gc();
    const resources = process.getActiveResourcesInfo();
    const count = (kind) => resources.filter((name) => name.includes(kind)).length;
    this.#samples.push({
      heap: process.memoryUsage().heapUsed,
      sockets: count('TCP') + count('TLS'),
      timers: count('Timeout'),
    });
  }

  get text() {
    const { heap, sockets, timers } = this.#samples.at(-1);
    return `${(heap / MEBIBYTE).toFixed(0)} MiB, ${sockets} sockets, ${timers} timers`;
  }

  get growth() {
    const mebibytes = this.#grown('heap') / MEBIBYTE;
    return `heap ${mebibytes.toFixed(1)} MiB, sockets ${this.#grown('sockets')}, timers ${this.#grown('timers')}`;
  }

  /** What has grown, as sentences. */
  problems() {
    const limits = { heap: HEAP_SLACK_BYTES, sockets: RESOURCE_SLACK, timers: RESOURCE_SLACK };
    return Object.entries(limits)
      .filter(([name, limit]) => this.#grown(name) > limit)
      .map(([name]) => `${name} grew by ${this.#grown(name)}`);
  }

  /** From the median of the first third, without the warm-up, to that of the last. */
  #grown(name) {
    const values = this.#samples.slice(Math.min(1, this.#samples.length - 1)).map((sample) => sample[name]);
    const third = Math.max(1, Math.floor(values.length / 3));
    return median(values.slice(-third)) - median(values.slice(0, third));
  }
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
