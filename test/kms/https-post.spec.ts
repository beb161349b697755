import { Agent } from 'node:https';

import { describe, expect, it } from '@jest/globals';

import { httpsPost } from '../../lib/kms/https-post.js';
import { startTlsServer } from '../support/tls-server.js';

const READ_TIMEOUT_MS = 400;

function post(port: number) {
  return httpsPost({
    agent: new Agent({ rejectUnauthorized: false }),
    hostname: '127.0.0.1',
    port,
    headers: {},
    body: new Uint8Array(),
    timeouts: { connectTimeoutMs: 5000, readTimeoutMs: READ_TIMEOUT_MS },
    signal: new AbortController().signal,
  });
}

/** Keeps the process from doing anything else, as a burst of calls does. */
function block(forMs: number): void {
  const endAt = performance.now() + forMs;
  while (performance.now() < endAt);
}

describe('the time-out of a KMS request', () => {
  it('is not used up by a time in which the process was too busy to look at its sockets', async () => {
    const server = await startTlsServer((_request, response) => {
      block(2 * READ_TIMEOUT_MS);
      // The answer needs some turns of the event loop, as one from a network does.
      setImmediate(() => setImmediate(() => response.end('late')));
    });
    await expect(post(server.port)).resolves.toMatchObject({ status: 200, body: Buffer.from('late') });
    server.stop();
  });

  it('passes while a server is silent', async () => {
    const server = await startTlsServer(() => undefined);
    const startedAt = performance.now();
    await expect(post(server.port)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(performance.now() - startedAt).toBeGreaterThan(READ_TIMEOUT_MS - 20);
    server.stop();
  });
});
