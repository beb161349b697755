/** Event loops this many at a time: Node runs all microtasks after each `setImmediate` callback. */
const CALLBACKS_PER_TURN = 64;

/** 2024-01-01T00:00:00Z */
const START_AT = 1_704_067_200_000;

/**
 * The clock of a discrete event simulation, as the core takes one: time jumps from timer to timer, and all promises
 * that follow from a timer settle before the next one fires. Nothing in it may wait for anything but timers of this
 * clock.
 */
export class VirtualTime {
  #elapsedMs = 0;
  #order = 0;
  /** A binary heap, the next timer first. */
  #heap = [];

  now = () => START_AT + this.#elapsedMs;

  monotonic = () => this.#elapsedMs;

  setTimer(delayMs, callback) {
    const timer = { at: this.#elapsedMs + delayMs, order: this.#order++, callback };
    this.#push(timer);
    return () => {
      timer.callback = undefined;
    };
  }

  sleep(delayMs) {
    return new Promise((resolve) => {
      this.setTimer(delayMs, resolve);
    });
  }

  /** Lets time pass to an instant, in milliseconds since the start, or until nothing is left to keep it going. */
  run(untilMs, isDone = () => false) {
    return new Promise((resolve) => {
      let chains = CALLBACKS_PER_TURN;
      const step = () => {
        const timer = this.#heap[0];
        if (timer !== undefined && timer.at <= untilMs && !isDone()) {
          this.#pop();
          if (timer.callback !== undefined) {
            this.#elapsedMs = Math.max(this.#elapsedMs, timer.at);
            timer.callback();
          }
          setImmediate(step);
        } else if (--chains === 0) {
          if (!isDone()) this.#elapsedMs = Math.max(this.#elapsedMs, untilMs);
          resolve();
        }
      };
      for (let chain = 0; chain < CALLBACKS_PER_TURN; chain++) setImmediate(step);
    });
  }

  #push(timer) {
    const heap = this.#heap;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(timer, heap[parent])) break;
      heap[index] = heap[parent];
      index = parent;
    }
    heap[index] = timer;
  }

  #pop() {
    const heap = this.#heap;
    const last = heap.pop();
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) child += 1;
      if (!isBefore(heap[child], last)) break;
      heap[index] = heap[child];
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a, b) {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
