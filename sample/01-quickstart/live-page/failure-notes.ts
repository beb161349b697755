import type { Note } from './page-message.js';

const NOTE_EVERY_S = 2;

/** Tells of failed calls, but not at every tick while many fail. */
export class FailureNotes {
  #failed = 0;
  #toldAt = -Infinity;

  /**
   * What is to be told after an interval; undefined for nothing.
   *
   * @param failed how many calls have failed in it
   * @param reasons how many have failed so far, by reason
   * @param at seconds since the start
   */
  after(
    failed: number,
    reasons: ReadonlyMap<string, number>,
    at: number,
  ): Pick<Note, 'text' | 'tone'> | undefined {
    this.#failed += failed;
    if (this.#failed === 0 || at - this.#toldAt < NOTE_EVERY_S) return undefined;
    const text = `${this.#failed} calls failed: ${[...reasons.keys()].join(', ')}`;
    this.#failed = 0;
    this.#toldAt = at;
    return { tone: 'bad', text };
  }
}
