import { getEventListeners, once } from 'node:events';
import type { RequestListener } from 'node:http';
import { Agent } from 'node:https';
import { createServer, type AddressInfo, type Socket } from 'node:net';

import { afterEach, describe, expect, it } from '@jest/globals';

import { httpsPost, type HttpsPost } from '../../lib/kms/https-post.js';
import { until } from '../support/poll.js';
import { startTlsServer } from '../support/tls-server.js';

const READ_TIMEOUT_MS = 200;
const IMPATIENT = { connectTimeoutMs: 10_000, readTimeoutMs: READ_TIMEOUT_MS };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A way to post to a port over connections that are kept. */
function poster(port: number) {
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  closers.push(() => agent.destroy());
  return (more: Partial<HttpsPost> = {}) =>
    httpsPost({
      agent,
      hostname: '127.0.0.1',
      port,
      headers: {},
      body: new Uint8Array(),
      timeouts: { connectTimeoutMs: 10_000, readTimeoutMs: 10_000 },
      signal: new AbortController().signal,
      ...more,
    });
}

async function start(listener: RequestListener) {
  const server = await startTlsServer(listener);
  closers.push(server.stop);
  return poster(server.port);
}

/** Keeps the process from doing anything else, as a burst of calls does. */
function block(forMs: number): void {
  const endAt = performance.now() + forMs;
  while (performance.now() < endAt);
}

describe('the time-out of a KMS request', () => {
  it('is not used up by a time in which the process was too busy to look at its sockets', async () => {
    const post = await start((_request, response) => {
      block(2 * READ_TIMEOUT_MS);
      // The answer needs some turns of the event loop, as one from a network does.
      setImmediate(() => setImmediate(() => response.end('late')));
    });
    await expect(post({ timeouts: IMPATIENT })).resolves.toMatchObject({
      status: 200,
      body: Buffer.from('late'),
    });
  });

  it('passes while a server is silent', async () => {
    const post = await start(() => undefined);
    const startedAt = performance.now();
    await expect(post({ timeouts: IMPATIENT })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: `time-out of ${READ_TIMEOUT_MS} ms while reading the answer`,
    });
    expect(performance.now() - startedAt).toBeGreaterThan(READ_TIMEOUT_MS - 20);
  });

  it('passes on a connection used before as well, and the request is not sent again', async () => {
    let requests = 0;
    const post = await start((_request, response) => {
      requests += 1;
      if (requests === 1) response.end();
    });
    await post();
    await expect(post({ timeouts: IMPATIENT })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: `time-out of ${READ_TIMEOUT_MS} ms while reading the answer`,
    });
    expect(requests).toBe(2);
  });

  it('is that of connecting until TLS stands', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const post = poster((server.address() as AddressInfo).port);
    await expect(post({ timeouts: { connectTimeoutMs: 100, readTimeoutMs: 10_000 } })).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: 'time-out of 100 ms while connecting',
    });
  });
});

describe('a KMS request', () => {
  it('whose new connection is closed fails, and is not sent again', async () => {
    let requests = 0;
    const post = await start((request) => {
      requests += 1;
      request.socket.destroy();
    });
    await expect(post()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(requests).toBe(1);
  });

  it.each([
    ['before it is written', 100],
    ['while it is being written', 5_000_000],
  ])('is sent again when its kept connection is closed %s', async (_when, bytes) => {
    const server = await startTlsServer((request, response) => {
      request.resume().on('end', () => response.end());
    });
    closers.push(server.stop);
    const sockets: Socket[] = [];
    server.server.on('connection', (socket: Socket) => sockets.push(socket));
    const post = poster(server.port);
    await post();
    sockets[0]?.destroy();
    // What is written before the client looks at its sockets goes into the closed connection.
    await expect(post({ body: Buffer.alloc(bytes) })).resolves.toMatchObject({ status: 200 });
    expect(sockets).toHaveLength(2);
  });

  it('is sent again for each kept connection that turns out to be closed', async () => {
    const used = new Set<Socket>();
    const waiting: (() => void)[] = [];
    const post = await start(({ socket }, response) => {
      if (used.has(socket)) socket.destroy();
      else waiting.push(() => response.end());
      used.add(socket);
    });
    const first = [post(), post(), post()];
    await until(() => waiting.length === 3, 'three connections at the same time');
    for (const answer of waiting.splice(0)) answer();
    await Promise.all(first);

    const last = post();
    await until(() => waiting.length === 1, 'the request has come on a new connection');
    waiting[0]?.();
    await expect(last).resolves.toMatchObject({ status: 200 });
    expect(used.size).toBe(4);
  });

  it('reads an answer of 1 MiB, and none that is larger', async () => {
    let bytes = 1024 * 1024;
    const post = await start((_request, response) => response.end(Buffer.alloc(bytes)));
    expect((await post()).body).toHaveLength(bytes);
    bytes += 1;
    await expect(post()).rejects.toMatchObject({
      code: 'ERR_ANSWER_TOO_LARGE',
      message: 'the answer is larger than 1048576 bytes',
    });
  });

  it('that is aborted with anything else than an error says so', async () => {
    const post = await start(() => undefined);
    const abort = new AbortController();
    const posting = post({ signal: abort.signal });
    abort.abort('shutdown');
    await expect(posting).rejects.toThrow(/^aborted$/);
  });

  it('can no longer be aborted when it is over', async () => {
    let requests = 0;
    const post = await start((request, response) => {
      requests += 1;
      if (requests === 1) response.end();
      else request.socket.destroy();
    });
    const { signal } = new AbortController();
    await post({ signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    // Fails for good: the connection that was kept is closed, and so is the new one.
    await expect(post({ signal })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
