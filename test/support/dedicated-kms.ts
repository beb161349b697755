import type { RequestListener } from 'node:http';

import { afterEach } from '@jest/globals';

import type { SecretValue } from '../../lib/core/secret-value.js';
import { parseClientKey } from '../../lib/kms/client-key.js';
import {
  DedicatedKmsClient,
  type DedicatedKmsClientOptions,
} from '../../lib/kms/dedicated/dedicated-kms-client.js';
import { dkmsVectors, vectorKeyFile, vectorPassword } from './dkms-vectors.js';
import { startTlsServer } from './tls-server.js';

/** The secret that is asked for. */
export const NAME = 'acs/ram/user/ecs-app';
/** The client key it is asked for with. */
export const clientKey = parseClientKey(vectorKeyFile('clientKey.legacy.json'), vectorPassword);

const recorded = (name: string) => {
  const response = dkmsVectors.find((vector) => vector.name === name)?.responses[0];
  if (response === undefined) throw new Error(`no recorded exchange ${name}`);
  return response;
};

/** Answers as a recorded exchange does. */
export const answerWith =
  (name: string): RequestListener =>
  (_request, response) => {
    const { status, body_hex: hex } = recorded(name);
    response.writeHead(status).end(Buffer.from(hex, 'hex'));
  };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server, and a client of it. */
export interface ServedClient {
  readonly client: DedicatedKmsClient;
  readonly server: Awaited<ReturnType<typeof startTlsServer>>;
  readonly fetch: (signal?: AbortSignal) => Promise<SecretValue>;
}

/** Starts a server and a client of it for the length of one test. */
export async function startDedicatedKms(
  listener: RequestListener,
  more: Partial<DedicatedKmsClientOptions> = {},
): Promise<ServedClient> {
  const server = await startTlsServer(listener);
  const client = new DedicatedKmsClient({
    address: { hostname: 'localhost', port: server.port },
    clientKey,
    ca: vectorKeyFile('ca.crt.pem'),
    ignoreSslCerts: false,
    timeouts: { connectTimeoutMs: 1000, readTimeoutMs: 300 },
    ...more,
  });
  closers.push(() => {
    client.close();
    server.stop();
  });
  return {
    client,
    server,
    fetch: (signal = new AbortController().signal) => client.getSecretValue(NAME, { signal }),
  };
}
