import type { SecretSource } from '../core/secret-value.js';

/** One place where KMS answers: a dedicated instance or a region. One fetch is one attempt. */
export interface KmsEndpoint extends SecretSource {
  /** Host and, where it is not the usual one, port; for messages. */
  readonly endpoint: string;
  /** Closes all connections. */
  close(): void;
}
