import { Readable } from 'node:stream';

import { isRecord } from '../core/is-record.js';

/** How much of a stream is kept when nothing else is asked for: 1 MiB. */
export const DEFAULT_REPLAY_BUFFER_BYTES = 1024 * 1024;

/** What can be read chunk by chunk: streams of Node and of the package readable-stream. */
export type ReadableStream = AsyncIterable<unknown>;

/** Whether a value is such a stream. */
export function isReadableStream(value: unknown): value is ReadableStream {
  return isRecord(value) && typeof value['pipe'] === 'function' && Symbol.asyncIterator in value;
}

/**
 * Lets a stream be read again from its start as long as no more than a given number of bytes was read from it: what was
 * read is kept, up to that limit, and given out first to whoever opens it next.
 */
export class ReplayBuffer {
  readonly #source: AsyncIterator<unknown, unknown>;
  #kept: unknown[] | undefined = [];
  #keptBytes = 0;
  /** A chunk that was asked for and has not been given to a reader yet. */
  #pending: Promise<IteratorResult<unknown, unknown>> | undefined;
  #readers = 0;

  /** @param limitBytes how much is kept at most */
  constructor(
    source: ReadableStream,
    private readonly limitBytes: number,
  ) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Whether all that was read is kept, so that the next reader gets the whole stream. */
  get isWhole(): boolean {
    return this.#kept !== undefined;
  }

  /** A stream of the whole content. It takes over from the one opened before; ending it does not end the source. */
  open(): Readable {
    this.#readers += 1;
    return Readable.from(this.#read(this.#readers), { objectMode: false });
  }

  async *#read(reader: number): AsyncGenerator {
    yield* this.#kept ?? [];
    for (;;) {
      this.#pending ??= this.#source.next();
      const { done, value } = await this.#pending;
      // A reader that has been taken over from leaves the chunk it waited for to its successor.
      if (done || reader !== this.#readers) return;
      this.#pending = undefined;
      this.#keep(value);
      yield value;
    }
  }

  #keep(chunk: unknown): void {
    this.#keptBytes += sizeOf(chunk);
    if (this.#keptBytes <= this.limitBytes) this.#kept?.push(chunk);
    else this.#kept = undefined;
  }
}

function sizeOf(chunk: unknown): number {
  return typeof chunk === 'string' || Buffer.isBuffer(chunk) ? Buffer.byteLength(chunk) : Infinity;
}
