import { Agent } from 'node:https';

import type { ClientKey } from './client-key.js';

/** Connections to one endpoint at the same time; further requests wait for one of them. */
const MAX_CONNECTIONS = 32;

/**
 * Idle connections are closed after this time. Between two refreshes lie hours, in which a firewall may forget the
 * connection without telling; a request on it would then hang until its time-out.
 */
const IDLE_CONNECTION_MS = 15_000;

/** How connections to one KMS endpoint are secured. */
export interface KmsAgentOptions {
  /** PEM certificates to trust in place of the system's. */
  readonly ca?: string | undefined;
  /** Accepts any certificate. @default false */
  readonly ignoreSslCerts?: boolean | undefined;
  /** Its certificate, if it has one, is presented to a server that asks for it. */
  readonly clientKey?: ClientKey | undefined;
}

/** Makes the keep-alive connections of one KMS endpoint. */
export function createKmsAgent({ ca, ignoreSslCerts = false, clientKey }: KmsAgentOptions): Agent {
  return new Agent({
    keepAlive: true,
    maxSockets: MAX_CONNECTIONS,
    timeout: IDLE_CONNECTION_MS,
    rejectUnauthorized: !ignoreSslCerts,
    // Whoever names a certificate to trust means it, also when it is that of an intermediate authority.
    ...(ca === undefined ? {} : { ca, allowPartialTrustChain: true }),
    ...(clientKey?.certificate === undefined
      ? {}
      : {
          cert: clientKey.certificate,
          key: clientKey.privateKey.export({ type: 'pkcs8', format: 'pem' }),
        }),
  });
}
