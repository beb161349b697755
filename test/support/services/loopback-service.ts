import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { KeyRing, SignatureClaim } from './key-ring.js';

/** A request that was read to its end. */
export interface ServiceRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Why a service refuses a request: its key, its signature, or what its owner may do. */
export type ServiceRefusal = 'unknown' | 'disabled' | 'mismatch' | 'denied';

/** How one service speaks: what a request claims, and what it answers. */
export interface ServiceProtocol {
  /** Who signed the request, by what this service signs; written without a look into the SDK's signing code. */
  claim(request: ServiceRequest): SignatureClaim;
  answer(request: ServiceRequest): ServiceAnswer;
  refuse(reason: ServiceRefusal, accessKeyId: string): ServiceAnswer;
}

/** A service on loopback that verifies key id and signature of each request. */
export class LoopbackService {
  readonly #served: ServiceRequest[] = [];
  #count = 0;
  #next: 'deny' | 'drop' | undefined;

  private constructor(
    private readonly server: Server,
    private readonly keys: KeyRing,
    private readonly protocol: ServiceProtocol,
  ) {
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  static async start(keys: KeyRing, protocol: ServiceProtocol): Promise<LoopbackService> {
    const server = createServer();
    server.keepAliveTimeout = 0;
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new LoopbackService(server, keys, protocol);
  }

  /** Host and port. */
  get authority(): string {
    return `127.0.0.1:${this.port}`;
  }

  get url(): string {
    return `http://${this.authority}`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** How many requests came, whatever became of them. */
  get requestCount(): number {
    return this.#count;
  }

  /** The requests that were accepted, oldest first. */
  get served(): readonly ServiceRequest[] {
    return this.#served;
  }

  /** Refuses the next request because its owner lacks a permission. */
  denyNext(): void {
    this.#next = 'deny';
  }

  /** Cuts the connection of the next request once it was read. */
  dropNext(): void {
    this.#next = 'drop';
  }

  /** How many connections clients hold open. */
  async connectionCount(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
    });
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#judge(incoming);
    if (answer === undefined) incoming.socket.destroy();
    else response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
  }

  /** Undefined for a request that gets no answer. */
  async #judge(incoming: IncomingMessage): Promise<ServiceAnswer | undefined> {
    const request = await readRequest(incoming);
    this.#count += 1;
    const next = this.#next;
    this.#next = undefined;
    if (next === 'drop') return undefined;
    const claim = this.protocol.claim(request);
    const verdict = next === 'deny' ? 'denied' : this.keys.judge(claim);
    if (verdict !== 'accepted') return this.protocol.refuse(verdict, claim.accessKeyId);
    this.#served.push(request);
    return this.protocol.answer(request);
  }
}

async function readRequest(incoming: IncomingMessage): Promise<ServiceRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://loopback');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
  return {
    method: incoming.method ?? '',
    path: pathname,
    query: searchParams,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  };
}
