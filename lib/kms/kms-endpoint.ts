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

/** An address as it stands in a URL, without the usual port: for messages and the header Host. */
export function addressText({ hostname, port }: NetworkAddress): string {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  return port === 443 ? host : `${host}:${port}`;
}
