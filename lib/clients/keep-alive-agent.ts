import type { Agent, AgentOptions } from 'node:http';
import { Socket } from 'node:net';

/** Idle connections are closed after this time, as ali-oss's own agents do. */
const IDLE_CONNECTION_MS = 15_000;

/** So many idle connections are kept that long: the default of Node's agents. */
const IDLE_CONNECTIONS = 256;

/** Idle connections beyond those are closed after this time, the default of undici. */
const SURPLUS_CONNECTION_MS = 4000;

/**
 * An agent for a client of its own, that keeps connections alive. Node's agents close a connection that gets idle
 * while 256 others are; this one keeps it for 4 seconds, because calls that are refused together are sent again
 * together as soon as the new key is there.
 *
 * @param AgentClass that of `node:http` or `node:https`
 * @param maxSockets the most connections to one host at the same time; without it there is no limit
 */
export function createKeepAliveAgent<OwnAgent extends Agent>(
  AgentClass: new (options: AgentOptions) => OwnAgent,
  maxSockets = Infinity,
): OwnAgent {
  const agent = new AgentClass({
    keepAlive: true,
    timeout: IDLE_CONNECTION_MS,
    maxFreeSockets: Infinity,
    maxSockets,
  });
  const keepSocketAlive = agent.keepSocketAlive.bind(agent);
  const reuseSocket = agent.reuseSocket.bind(agent);
  agent.keepSocketAlive = (socket) => {
    const isKept: unknown = keepSocketAlive(socket);
    const idle = Object.values(agent.freeSockets).reduce((sum, sockets) => sum + (sockets?.length ?? 0), 0);
    if (idle >= IDLE_CONNECTIONS && socket instanceof Socket) {
      socket.setTimeout(Math.min(socket.timeout ?? Infinity, SURPLUS_CONNECTION_MS));
    }
    return isKept;
  };
  agent.reuseSocket = (socket, request) => {
    // A request that asks for the agent's own time-out, or none, would be left with that of the idle connection.
    if (socket instanceof Socket) socket.setTimeout(IDLE_CONNECTION_MS);
    reuseSocket(socket, request);
  };
  return agent;
}
