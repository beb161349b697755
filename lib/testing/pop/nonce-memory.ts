/** Remembers which nonces were used, in bounded memory: the oldest are forgotten first. */
export class NonceMemory {
  #recent = new Set<string>();
  #older = new Set<string>();

  /** @param capacity at least this many nonces are remembered, at most twice as many */
  constructor(private readonly capacity: number) {}

  /** Remembers a nonce; false when it was used before. */
  use(nonce: string): boolean {
    if (this.#recent.has(nonce) || this.#older.has(nonce)) return false;
    if (this.#recent.size >= this.capacity) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    this.#recent.add(nonce);
    return true;
  }
}
