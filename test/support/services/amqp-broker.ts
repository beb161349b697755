import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import {
  FRAME,
  longLong,
  long,
  longString,
  methodFrame,
  short,
  shortString,
  takeFrames,
  type AmqpFrame,
} from './amqp-frames.js';
import { hmac } from './digests.js';
import type { KeyRing, SignatureClaim } from './key-ring.js';

const PROTOCOL_HEADER_BYTES = 8;

/** A message that is under way, and how often one came on this connection. */
interface Session {
  rest: Buffer;
  hasGreeted: boolean;
  bodyLeft: number;
  body: Buffer;
  deliveryTag: bigint;
}

/**
 * A broker on loopback that lets in whoever signs in as ApsaraMQ for RabbitMQ has it: like that, it verifies the key
 * only when a connection is opened.
 */
export class AmqpBroker {
  readonly #sockets = new Set<Socket>();
  readonly #messages: string[] = [];
  #logins = 0;
  #refusals = 0;
  #next: 'deny' | 'drop' | undefined;

  private constructor(
    private readonly server: Server,
    private readonly keys: KeyRing,
  ) {
    server.on('connection', (socket) => this.#accept(socket));
  }

  static async start(keys: KeyRing): Promise<AmqpBroker> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new AmqpBroker(server, keys);
  }

  get url(): string {
    return `amqp://127.0.0.1:${(this.server.address() as AddressInfo).port}/shop`;
  }

  /** The messages that were confirmed. */
  get messages(): readonly string[] {
    return this.#messages;
  }

  /** How many connections were let in. */
  get logins(): number {
    return this.#logins;
  }

  /** How many connections were refused. */
  get refusals(): number {
    return this.#refusals;
  }

  get connectionCount(): number {
    return this.#sockets.size;
  }

  /** Refuses the next message for a missing permission: its channel is closed. */
  denyNext(): void {
    this.#next = 'deny';
  }

  /** Cuts the connection of the next message, which is not confirmed. */
  dropNext(): void {
    this.#next = 'drop';
  }

  /** Cuts all connections. */
  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  stop(): void {
    this.server.close();
    this.dropConnections();
  }

  #accept(socket: Socket): void {
    const empty = Buffer.alloc(0);
    const session: Session = { rest: empty, hasGreeted: false, bodyLeft: 0, body: empty, deliveryTag: 0n };
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      session.rest = Buffer.concat([session.rest, chunk]);
      if (!session.hasGreeted && session.rest.length >= PROTOCOL_HEADER_BYTES) {
        session.hasGreeted = true;
        session.rest = session.rest.subarray(PROTOCOL_HEADER_BYTES);
        const versions = Buffer.from([0, 9]);
        socket.write(methodFrame(0, 10, 10, versions, long(0), longString('PLAIN'), longString('en_US')));
      }
      if (!session.hasGreeted) return;
      const { frames, rest } = takeFrames(session.rest);
      session.rest = rest;
      for (const frame of frames) this.#receive(frame, socket, session);
    });
  }

  #receive(frame: AmqpFrame, socket: Socket, session: Session): void {
    const { type, channel, payload } = frame;
    if (type === FRAME.method) {
      for (const answer of this.#answer(channel, payload)) socket.write(answer);
    } else if (type === FRAME.header) {
      session.bodyLeft = Number(payload.readBigUInt64BE(4));
      session.body = Buffer.alloc(0);
    } else if (type === FRAME.body) {
      session.body = Buffer.concat([session.body, payload]);
      if (session.body.length >= session.bodyLeft) this.#take(channel, socket, session);
    }
  }

  #answer(channel: number, payload: Buffer): Buffer[] {
    switch (`${payload.readUInt16BE(0)}.${payload.readUInt16BE(2)}`) {
      case '10.11':
        return [this.#logIn(claimOf(payload.subarray(4)))];
      case '10.40':
        return [methodFrame(0, 10, 41, shortString(''))];
      case '10.50':
        return [methodFrame(0, 10, 51)];
      case '20.10':
        return [methodFrame(channel, 20, 11, longString(''))];
      case '20.40':
        return [methodFrame(channel, 20, 41)];
      case '85.10':
        return [methodFrame(channel, 85, 11)];
      default:
        return [];
    }
  }

  #logIn(claim: SignatureClaim): Buffer {
    if (this.keys.judge(claim) === 'accepted') {
      this.#logins += 1;
      return methodFrame(0, 10, 30, short(0), long(131_072), short(0));
    }
    this.#refusals += 1;
    const text = 'ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN';
    return methodFrame(0, 10, 50, short(403), shortString(text), short(10), short(11));
  }

  #take(channel: number, socket: Socket, session: Session): void {
    const next = this.#next;
    this.#next = undefined;
    session.deliveryTag += 1n;
    if (next === 'drop') {
      socket.destroy();
    } else if (next === 'deny') {
      const text = 'ACCESS_REFUSED - no permission to write';
      socket.write(methodFrame(channel, 20, 40, short(403), shortString(text), short(60), short(40)));
    } else {
      this.#messages.push(String(session.body));
      socket.write(methodFrame(channel, 60, 80, longLong(session.deliveryTag), Buffer.from([0])));
    }
  }
}

/** Who opens a connection: the arguments of connection.start-ok are a table, the mechanism, its response, a locale. */
function claimOf(args: Buffer): SignatureClaim {
  const mechanismAt = 4 + args.readUInt32BE(0);
  const responseAt = mechanismAt + 1 + args.readUInt8(mechanismAt);
  const response = args.subarray(responseAt + 4, responseAt + 4 + args.readUInt32BE(responseAt));
  const [, userName = '', password = ''] = String(response).split('\0');
  const [, instanceId, accessKeyId = ''] = Buffer.from(userName, 'base64').toString().split(':');
  const [signature, timestamp = ''] = Buffer.from(password, 'base64').toString().split(':');
  return {
    accessKeyId,
    isSignedWith: (secret) =>
      instanceId === 'amqp-cn-x' && hmac('sha1', timestamp, secret, 'hex').toUpperCase() === signature,
  };
}
