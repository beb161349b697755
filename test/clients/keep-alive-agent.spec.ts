import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { createKeepAliveAgent } from '../../lib/clients/keep-alive-agent.js';
import { until } from '../support/poll.js';

describe("a client's own agent", () => {
  let server: Server;
  let agent: Agent;
  let connections = 0;
  const timeouts: unknown[] = [];

  beforeAll(async () => {
    server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => response.end('ok'));
    server.on('connection', () => {
      connections += 1;
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });
  beforeEach(() => {
    agent?.destroy();
    agent = createKeepAliveAgent(Agent);
    connections = 0;
  });
  afterAll(() => {
    agent.destroy();
    server.close();
  });

  const send = () =>
    new Promise<void>((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const sent = request({ host: '127.0.0.1', port, agent }, (response) => {
        response.resume().once('end', resolve);
      });
      sent.once('socket', (socket) => timeouts.push(socket.timeout));
      sent.once('error', reject).end();
    });
  const sendTogether = (count: number) => Promise.all(Array.from({ length: count }, send));
  const idle = (): Socket[] => Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? []);

  it('sends 400 calls again over the connections that they had', async () => {
    await sendTogether(400);
    await until(() => idle().length === 400, 'all connections are idle');
    await sendTogether(400);
    expect(connections).toBe(400);
  });

  it('closes those beyond 256 after four seconds, and the others after fifteen', async () => {
    await sendTogether(300);
    await until(() => idle().length === 300, 'all connections are idle');
    const idleTimes = idle().map((socket) => socket.timeout);
    expect(idleTimes.filter((ms) => ms === 15_000)).toHaveLength(256);
    expect(idleTimes.filter((ms) => ms === 4000)).toHaveLength(44);
    const surplus = idle().filter((socket) => socket.timeout === 4000);
    // What Node.js does once the time is over.
    for (const socket of surplus) socket.emit('timeout');
    await until(() => idle().length === 256, 'the surplus is closed');
  });

  it('gives each request its own time-out, whatever that of the idle connection was', async () => {
    await sendTogether(300);
    await until(() => idle().length === 300, 'all connections are idle');
    timeouts.length = 0;
    await sendTogether(300);
    expect(new Set(timeouts)).toEqual(new Set([15_000]));
    expect(connections).toBe(300);
  });

  it('keeps none longer than the server says, whether it is one of the surplus or not', async () => {
    server.keepAliveTimeout = 3000;
    await sendTogether(300);
    server.keepAliveTimeout = 60_000;
    await until(() => idle().length === 300, 'all connections are idle');
    const longest = Math.max(...idle().map((socket) => socket.timeout ?? Infinity));
    expect(longest).toBeLessThanOrEqual(3000);
  });
});
