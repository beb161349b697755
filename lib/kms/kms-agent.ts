import { Agent } from 'node:https';
import type { KeyObject } from 'node:crypto';

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
  /** Presented to a server that asks for it. */
  readonly clientCertificate?: { readonly certificate: string; readonly privateKey: KeyObject } | undefined;
}

/** Makes the keep-alive connections of one KMS endpoint. */
export function createKmsAgent({ ca, ignoreSslCerts = false, clientCertificate }: KmsAgentOptions): Agent {
  return new Agent({
    keepAlive: true,
    maxSockets: MAX_CONNECTIONS,
    timeout: IDLE_CONNECTION_MS,
    rejectUnauthorized: !ignoreSslCerts,
    // Whoever names a certificate to trust means it, also when it is that of an intermediate authority.
    ...(ca === undefined ? {} : { ca, allowPartialTrustChain: true }),
    ...(clientCertificate === undefined
      ? {}
      : {
          cert: clientCertificate.certificate,
          key: clientCertificate.privateKey.export({ type: 'pkcs8', format: 'pem' }),
        }),
  });
}
