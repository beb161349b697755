import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A request that was read to its end. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Which version of the key of `ScriptedKms` it names. */
  readonly version: number | undefined;
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A service on loopback that answers what the test says and keeps what it was sent; it looks at no signature. */
export class ScriptedService {
  /** Oldest first. */
  readonly requests: ReceivedRequest[] = [];
  /** Those that clients hold open. */
  readonly connections = new Set<Socket>();
  /** Answers a request; no answer cuts its connection. */
  answer: (request: ReceivedRequest) => ScriptedAnswer | undefined = () => ({});
  /** Whether requests are left unread from now on, and without an answer. */
  isStalled = false;
  /** How many of them there are. */
  stalled = 0;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => void this.#serve(request, response));
    server.on('connection', (socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
  }

  static async start(): Promise<ScriptedService> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new ScriptedService(server);
  }

  /** Host and port. */
  get authority(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.authority}`;
  }

  /** The versions that the requests named, oldest first. */
  get versions(): (number | undefined)[] {
    return this.requests.map(({ version }) => version);
  }

  /** Forgets what came so far, and cuts the connections that clients have left open. */
  reset(): void {
    this.requests.length = 0;
    this.isStalled = false;
    this.stalled = 0;
    for (const socket of this.connections) socket.destroy();
    this.connections.clear();
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isStalled) {
      this.stalled += 1;
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    );
    const { method = '', url = '' } = incoming;
    const named = /LTAI5tTestTestTest(\d{4})/.exec(
      `${url} ${headers['authorization']} ${body.toString()}`,
    )?.[1];
    const request = { method, url, headers, body, version: named === undefined ? undefined : Number(named) };
    this.requests.push(request);
    const answer = this.answer(request);
    if (answer === undefined) incoming.socket.destroy();
    else response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? '');
  }
}
