import { PassThrough, Readable } from 'node:stream';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isReadableStream, ReplayBuffer } from '../../lib/clients/replay-buffer.js';

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString();
}

/** Reads some chunks and leaves. */
async function readSome(stream: Readable, count: number): Promise<string> {
  let text = '';
  let left = count;
  if (left > 0) {
    for await (const chunk of stream) {
      text += String(chunk);
      left -= 1;
      if (left === 0) break;
    }
  }
  stream.destroy();
  return text;
}

describe('a replay buffer', () => {
  it('gives the whole stream again after it was read to its end', async () => {
    const buffer = new ReplayBuffer(Readable.from(['one ', 'two ', 'three']), 1000);
    await expect(textOf(buffer.open())).resolves.toBe('one two three');
    expect(buffer.isWhole).toBe(true);
    await expect(textOf(buffer.open())).resolves.toBe('one two three');
  });

  it('gives the whole stream after its reader has left in the middle', async () => {
    const buffer = new ReplayBuffer(Readable.from(['one ', 'two ', 'three']), 1000);
    await expect(readSome(buffer.open(), 1)).resolves.toBe('one ');
    await expect(textOf(buffer.open())).resolves.toBe('one two three');
  });

  it('loses nothing that arrives after its reader has left', async () => {
    const source = new PassThrough();
    const buffer = new ReplayBuffer(source, 1000);
    source.write('one ');
    const first = buffer.open();
    await readSome(first, 1);
    const waiting = buffer.open();
    const left = waiting.read() as unknown;
    expect(left).toBeNull();
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    waiting.destroy();
    const last = textOf(buffer.open());
    source.write('two ');
    source.end('three');
    await expect(last).resolves.toBe('one two three');
    await expect(textOf(buffer.open())).resolves.toBe('one two three');
  });

  it('leaves a chunk to the reader that took over from the one that was waiting for it', async () => {
    const source = new PassThrough();
    const buffer = new ReplayBuffer(source, 1000);
    const first = textOf(buffer.open());
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    const last = textOf(buffer.open());
    source.end('one');
    await expect(Promise.all([first, last])).resolves.toEqual(['', 'one']);
  });

  it('gives bytes, whatever its source gives', async () => {
    const chunks = new ReplayBuffer(Readable.from(['one ', Buffer.from('two')]), 1000).open();
    for await (const chunk of chunks) expect(Buffer.isBuffer(chunk)).toBe(true);
    expect.hasAssertions();
  });

  it('keeps as many bytes as it may, and none more', async () => {
    for (const [limitBytes, isWhole] of [
      [6, true],
      [5, false],
    ] as const) {
      const buffer = new ReplayBuffer(Readable.from(['äö', 'ü']), limitBytes);
      await textOf(buffer.open());
      expect(buffer.isWhole).toBe(isWhole);
    }
  });

  it('is no longer whole when more was read than it keeps', async () => {
    // Larger than what a stream reads ahead.
    const chunk = 'x'.repeat(100_000);
    const buffer = new ReplayBuffer(Readable.from([chunk, chunk, chunk, chunk]), 250_000);
    await readSome(buffer.open(), 1);
    expect(buffer.isWhole).toBe(true);
    await readSome(buffer.open(), 3);
    expect(buffer.isWhole).toBe(false);
  });

  it('does not end its source when a reader leaves', async () => {
    const source = new PassThrough();
    source.write('one ');
    await readSome(new ReplayBuffer(source, 1000).open(), 1);
    expect(source.destroyed).toBe(false);
    source.destroy();
  });

  it('passes on the error of its source', async () => {
    const source = new PassThrough();
    const reading = textOf(new ReplayBuffer(source, 1000).open());
    source.destroy(new Error('disk on fire'));
    await expect(reading).rejects.toThrow('disk on fire');
  });

  it('gives every byte in order, however often its readers leave', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ minLength: 1, maxLength: 20 }), { maxLength: 20 }),
        fc.array(fc.nat(10), { maxLength: 3 }),
        async (chunks, visits) => {
          const buffer = new ReplayBuffer(Readable.from(chunks), 10_000);
          for (const count of visits) {
            const text = await readSome(buffer.open(), count);
            expect(chunks.join('').startsWith(text)).toBe(true);
          }
          await expect(textOf(buffer.open())).resolves.toBe(chunks.join(''));
        },
      ),
      { numRuns: 200 },
    );
  });
});

const neverCalled = (): undefined => undefined;

describe('what can be read chunk by chunk', () => {
  it.each([
    ['a stream', new PassThrough(), true],
    ['a stream of another make', { pipe: neverCalled, [Symbol.asyncIterator]: neverCalled }, true],
    ['a stream of old that can only be piped', { pipe: neverCalled }, false],
    ['a response body of fetch', new Blob(['x']).stream(), false],
    ['a list', ['x'], false],
    ['bytes', Buffer.from('x'), false],
    ['text', 'x', false],
    ['nothing', null, false],
  ])('is told: %s', (_what, value, isStream) => {
    expect(isReadableStream(value)).toBe(isStream);
  });
});
