import type { SecretSource } from '../core/secret-value.js';

/** A host and its port. */
export interface NetworkAddress {
  readonly hostname: string;
  readonly port: number;
}

/** One place where KMS answers: a dedicated instance or a region. One fetch is one attempt. */
export interface KmsEndpoint extends SecretSource {
  /** How messages call it, with host and, where it is not the usual one, port. */
  readonly label: string;
  readonly address: NetworkAddress;
  /** Closes all connections. */
  close(): void;
}

/** How a message names an address. */
export function addressText({ hostname, port }: NetworkAddress): string {
  return port === 443 ? hostname : `${hostname}:${port}`;
}
