import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { EmulatorError } from '../emulator-error.js';

// The kernel's usual ceiling: a burst of thousands of new connections must not wait for SYN retransmissions.
const BACKLOG = 4096;
const REOPEN_RETRY_MS = 5;

/** The listening socket of a server, which can be shut and opened again on the same port. */
export class ServerSocket {
  readonly #connections = new Set<Socket>();
  #address: AddressInfo | undefined;
  #open = false;
  #opening = false;

  constructor(private readonly server: Server) {
    server.on('connection', (connection: Socket) => {
      this.#connections.add(connection);
      connection.once('close', () => this.#connections.delete(connection));
    });
  }

  /** Starts to listen, on a port that the system chooses unless one is given. */
  async start(host: string, port = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen({ host, port, backlog: BACKLOG }, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new EmulatorError(`Cannot listen on ${host}.`);
    this.#address = address;
    this.#open = true;
    this.server.on('listening', () => this.#onListening());
    this.server.on('error', (error) => this.#onError(error));
    return address.port;
  }

  /** Refuses new connections and cuts those that are there, or listens again; does nothing when it is so already. */
  setOpen(open: boolean): void {
    if (!this.#address || this.#open === open) return;
    this.#open = open;
    if (open) return this.#listenAgain();
    this.#shut();
  }

  /** Stops for good and closes every connection at once, also those in a handshake or a hung call. */
  async stop(): Promise<void> {
    this.#open = false;
    // Without its address it cannot be opened again.
    this.#address = undefined;
    if (!this.server.listening) return;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.#cut();
    await closed;
  }

  // The socket is gone when close() returns: whoever connects from now on is refused.
  #shut(): void {
    if (this.server.listening) this.server.close();
    this.#cut();
  }

  #cut(): void {
    this.server.closeAllConnections();
    for (const connection of this.#connections) connection.destroy();
  }

  #listenAgain(): void {
    if (!this.#open || !this.#address || this.#opening || this.server.listening) return;
    this.#opening = true;
    const { address, port } = this.#address;
    this.server.listen({ host: address, port, backlog: BACKLOG });
  }

  // It may have been shut again while it was being opened.
  #onListening(): void {
    this.#opening = false;
    if (!this.#open) this.#shut();
  }

  // Somebody else may hold the port for a moment, such as an outgoing connection of another process.
  #onError(error: Error): void {
    if (!this.#opening) throw error;
    this.#opening = false;
    setTimeout(() => this.#listenAgain(), REOPEN_RETRY_MS).unref();
  }
}
