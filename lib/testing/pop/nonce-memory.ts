import { createHash } from 'node:crypto';

/** Remembers which nonces were used, in bounded memory: the oldest are forgotten first. */
export class NonceMemory {
  #recent = new Set<string>();
  #older = new Set<string>();

  /** @param capacity at least this many nonces are remembered, at most twice as many */
  constructor(private readonly capacity: number) {}

  /** Remembers a nonce; false when it was used before. */
  use(nonce: string): boolean {
    // A part of a string would keep the whole request, of which it is a part, in memory.
    const digest = createHash('sha1').update(nonce).digest('base64');
    if (this.#recent.has(digest) || this.#older.has(digest)) return false;
    if (this.#recent.size >= this.capacity) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    this.#recent.add(digest);
    return true;
  }
}
