import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AlibabaCloudEmulator } from '../alibaba-cloud-emulator.js';
import { EmulatorError } from '../emulator-error.js';
import { ServerSocket } from '../http/server-socket.js';
import { ConnectionLostError, ServiceError } from '../http/service-error.js';
import { ADMIN_VERBS, STOP_VERB } from './admin-verbs.js';
import { readJsonBody } from './json-body.js';
import { assertLocal } from './local-request.js';

const LOOPBACK = '127.0.0.1';

/** How an admin server is set up. */
export interface AdminServerOptions {
  /** @default 0, any free one */
  readonly port?: number;
  /** What the verb `stop` does, once it has been answered. Without it there is no such verb. */
  readonly onStop?: () => void;
}

/**
 * An emulator's methods over HTTP, for other processes on this machine: `POST /rotate` with `{"name":"oss-writer"}`.
 * It listens on loopback only, wherever the cloud itself listens, and refuses what web pages send.
 */
export class AdminServer {
  private constructor(
    /** Such as `http://127.0.0.1:4900`. */
    readonly url: string,
    private readonly socket: ServerSocket,
  ) {}

  /**
   * Starts it.
   * @throws EmulatorError when the port is taken
   */
  static async start(cloud: AlibabaCloudEmulator, options: AdminServerOptions = {}): Promise<AdminServer> {
    const { port = 0, onStop } = options;
    const server = createServer((request, response) => {
      void respond(cloud, request, response, onStop);
    });
    const socket = new ServerSocket(server);
    try {
      return new AdminServer(`http://${LOOPBACK}:${await socket.start(LOOPBACK, port)}`, socket);
    } catch (error) {
      throw new EmulatorError(
        `The port ${port} of ${LOOPBACK} cannot be used: choose another, or 0 for any.`,
        {
          cause: error,
        },
      );
    }
  }

  /** Stops it and closes every connection at once. */
  stop(): Promise<void> {
    return this.socket.stop();
  }
}

async function respond(
  cloud: AlibabaCloudEmulator,
  request: IncomingMessage,
  response: ServerResponse,
  onStop: (() => void) | undefined,
): Promise<void> {
  try {
    const name = verbOf(request, onStop !== undefined);
    const body = await readJsonBody(request);
    if (name === STOP_VERB) {
      send(response, 200, {});
      // The answer is on its way before the connection is closed.
      response.once('close', () => onStop?.());
    } else {
      send(response, 200, ADMIN_VERBS.get(name)?.run(name, cloud, body) ?? {});
    }
  } catch (error) {
    if (error instanceof ConnectionLostError) return;
    const { status, code, message, headers } = asServiceError(error);
    send(response, status, { code, message }, headers);
    request.resume();
  }
}

/** @throws ServiceError when the request is not for this server, or not a verb */
function verbOf({ headers, method, url = '/' }: IncomingMessage, canStop: boolean): string {
  assertLocal(headers);
  const name = url.replace(/\?.*/, '').slice(1);
  const known = [...ADMIN_VERBS.keys(), ...(canStop ? [STOP_VERB] : [])];
  if (!known.includes(name)) {
    throw new ServiceError(404, 'UnknownVerb', `There is no verb '${name}'. Verbs: ${known.join(', ')}.`);
  }
  if (method === 'POST') return name;
  throw new ServiceError(405, 'MethodNotAllowed', `Use POST for '${name}'.`, {}, { allow: 'POST' });
}

function asServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof EmulatorError) return new ServiceError(400, 'InvalidRequest', error.message);
  return new ServiceError(500, 'EmulatorFailure', error instanceof Error ? error.message : String(error));
}

function send(response: ServerResponse, status: number, result: unknown, headers: object = {}): void {
  const isText = typeof result === 'string';
  response.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(isText ? result : `${JSON.stringify(result)}\n`);
}
