import { createServer, type AddressInfo } from 'node:net';

import type { SecretValue } from '../../lib/core/secret-value.js';
import type { KmsEndpoint } from '../../lib/kms/kms-endpoint.js';

/** A host that can be connected to, unless it is down, and that counts connections. */
export class ConnectableEndpoint implements KmsEndpoint {
  connections = 0;
  /** Connections that have not been closed yet. */
  open = 0;
  #port = 0;
  readonly #server = createServer((socket) => {
    this.connections += 1;
    this.open += 1;
    socket.on('error', () => undefined).once('close', () => (this.open -= 1));
  });

  constructor(readonly label: string) {}

  get address(): KmsEndpoint['address'] {
    return { hostname: this.label, port: this.#port };
  }

  /** Begins to listen; at the same port again, where it did so before. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Refuses connections from now on. */
  async stop(): Promise<void> {
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async getSecretValue(): Promise<SecretValue> {
    throw new Error('it is only connected to');
  }

  close(): void {}
}
