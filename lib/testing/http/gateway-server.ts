import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions as TlsOptions } from 'node:https';
import type { EmulatorTarget } from '../emulator-target.js';
import type { FaultInjector } from '../faults/fault-injector.js';
import type { RequestFault } from '../faults/typed-fault.js';
import type { Answer } from './answer.js';
import { Exchange } from './exchange.js';
import type { Gateway } from './gateway.js';
import type { OpenRecord } from './recorded-request.js';
import type { RequestListeners } from './request-listeners.js';
import type { RequestLog } from './request-log.js';
import { ServerSocket } from './server-socket.js';
import { ConnectionLostError, ServiceError } from './service-error.js';

/** What every gateway server of one emulator shares. */
export interface GatewayServices {
  readonly log: RequestLog;
  readonly listeners: RequestListeners;
  readonly faults: FaultInjector;
  readonly now: () => number;
}

/** How one server differs from the others. */
export interface GatewayServerOptions {
  /** How long every answer takes at least. */
  readonly latencyMs: number;
  /** The region that its requests are recorded under. */
  readonly regionId?: string;
  /** Key and certificate, for HTTPS. */
  readonly tls?: TlsOptions;
}

/** Puts one gateway on a loopback port and carries out the faults that its requests meet. */
export class GatewayServer<Call> {
  readonly #socket: ServerSocket;

  constructor(
    private readonly gateway: Gateway<Call>,
    private readonly services: GatewayServices,
    private readonly options: GatewayServerOptions,
  ) {
    const { tls } = options;
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#serve(new Exchange(request, response, this.#record(request)));
    };
    const server = tls ? createTlsServer(tls, listener) : createServer(listener);
    // A server that closes idle connections by itself makes a client's next call fail now and then.
    server.keepAliveTimeout = 0;
    this.#socket = new ServerSocket(server);
  }

  get target(): EmulatorTarget {
    return this.gateway.target;
  }

  get regionId(): string | undefined {
    return this.options.regionId;
  }

  /** Starts to listen, on a port that the system chooses. */
  start(host: string): Promise<number> {
    return this.#socket.start(host);
  }

  /** Refuses its clients, or lets them in again on the same port. */
  setOpen(open: boolean): void {
    this.#socket.setOpen(open);
  }

  /** Stops to listen and closes every connection at once. */
  stop(): Promise<void> {
    return this.#socket.stop();
  }

  #record(request: IncomingMessage): OpenRecord {
    const target = request.url ?? '/';
    const mark = target.indexOf('?');
    const { host, 'user-agent': userAgent } = request.headers;
    const { regionId } = this.options;
    return this.services.log.open({
      target: this.gateway.target,
      ...(regionId === undefined ? {} : { regionId }),
      at: this.services.now(),
      method: request.method ?? 'GET',
      path: mark < 0 ? target : target.slice(0, mark),
      ...(host === undefined ? {} : { host }),
      ...(userAgent === undefined ? {} : { userAgent }),
      bytes: 0,
      requestId: this.gateway.newRequestId(),
    });
  }

  async #serve(exchange: Exchange): Promise<void> {
    try {
      this.services.listeners.notify(exchange.record);
      const work = await this.#open(exchange);
      const fault = this.services.faults.take(this.gateway.target, exchange.record);
      if (fault) exchange.record.fault = fault.type;
      const delayMs = this.options.latencyMs + (fault && 'delayMs' in fault ? (fault.delayMs ?? 0) : 0);
      if (delayMs > 0) await exchange.wait(delayMs);
      await this.#reply(exchange, fault, work);
    } catch (error) {
      if (!(error instanceof ConnectionLostError)) exchange.send(this.#refusal(error, exchange));
    }
  }

  // A request that cannot even be understood meets the faults of its target too: a dead server reads nothing.
  async #open(exchange: Exchange): Promise<() => Promise<Answer>> {
    try {
      const call = await this.gateway.open(exchange);
      return async () => this.gateway.answer(call, exchange);
    } catch (error) {
      if (error instanceof ConnectionLostError) throw error;
      return () => Promise.reject(error);
    }
  }

  async #reply(
    exchange: Exchange,
    fault: RequestFault | undefined,
    work: () => Promise<Answer>,
  ): Promise<void> {
    switch (fault?.type) {
      case 'drop':
        return exchange.drop();
      case 'hang':
        return exchange.drain();
      case 'http': {
        const { status, code = this.gateway.defaultCode(status), message = 'Injected fault.', body } = fault;
        const error = new ServiceError(status, code, message);
        const rendered = body === undefined ? this.gateway.renderError(error, exchange) : { status, body };
        return exchange.send({ ...rendered, headers: { ...rendered.headers, ...fault.headers } });
      }
      case 'garbage':
        return exchange.send({ status: 200, body: Buffer.from('\u00ff<{]garbage\u0000', 'latin1') });
      case 'truncate':
        return exchange.sendTruncated(await this.#work(exchange, work));
      case 'delay':
      case undefined:
        return exchange.send(await this.#work(exchange, work));
    }
  }

  async #work(exchange: Exchange, work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ConnectionLostError) throw error;
      return this.#refusal(error, exchange);
    }
  }

  #refusal(error: unknown, exchange: Exchange): Answer {
    if (error instanceof ServiceError) {
      const answer = this.gateway.renderError(error, exchange);
      return { ...answer, headers: { ...answer.headers, ...error.headers } };
    }
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return this.gateway.renderError(new ServiceError(500, 'EmulatorFailure', reason), exchange);
  }
}
