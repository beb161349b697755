import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { describe, expect, it } from '@jest/globals';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import type { SharedKmsClientOptions } from '../../../lib/kms/shared/shared-kms-client.js';
import { issueCertificate } from '../../../lib/testing/pki/certificate.js';
import { newEcKey, toPem } from '../../../lib/testing/pki/key-pair.js';
import { vectorKeyFile } from '../../support/dkms-vectors.js';
import { until } from '../../support/poll.js';
import { fetchApp, ramIdentity, sharedKmsSuite } from '../../support/shared-kms-fixture.js';
import { startTlsServer } from '../../support/tls-server.js';

const suite = sharedKmsSuite();

function start(more: Partial<SharedKmsClientOptions> = {}) {
  const client = suite.client(undefined, more);
  return { client, fetch: (signal = new AbortController().signal) => fetchApp(client, { signal }) };
}

/** A port that takes connections and says nothing. */
async function muteServer(): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** A CA whose own certificate is of another. */
async function intermediateAuthority() {
  const [root, own] = await Promise.all([newEcKey(), newEcKey()]);
  const authority = { issuerKey: root.privateKey, isAuthority: true };
  const issuerCertificate = issueCertificate({ ...authority, commonName: 'root', publicKey: root.publicKey });
  const certificate = issueCertificate({
    ...authority,
    commonName: 'intermediate',
    publicKey: own.publicKey,
    issuerCertificate,
  });
  return { certificate, privateKey: toPem(own.privateKey) };
}

describe('the connections of a shared-KMS client', () => {
  it('have the whole of the read time-out for an answer, however short the connect time-out is', async () => {
    const { fetch } = start({ timeouts: { connectTimeoutMs: 300, readTimeoutMs: 10_000 } });
    suite.cloud.fail('kms', { delayMs: 500 });
    await expect(fetch()).resolves.toMatchObject({ secretName: 'app' });
  });

  it('end when no answer comes within the read time-out', async () => {
    const { fetch } = start({ timeouts: { connectTimeoutMs: 10_000, readTimeoutMs: 100 } });
    suite.cloud.fail('kms', 'hang');
    await expect(fetch()).rejects.toMatchObject({ code: 'ETIMEDOUT', temporary: true });
  });

  it('end when they do not stand within the connect time-out', async () => {
    const { server, port } = await muteServer();
    const { fetch } = start({
      address: { hostname: 'localhost', port },
      timeouts: { connectTimeoutMs: 100, readTimeoutMs: 20_000 },
    });
    await expect(fetch()).rejects.toMatchObject({ code: 'ETIMEDOUT', temporary: true });
    server.close();
  });

  it('are refused when the certificate is of a CA that is not trusted', async () => {
    await expect(start({ ca: undefined }).fetch()).rejects.toMatchObject({
      temporary: false,
      message: expect.stringMatching(/certificate that is not trusted/),
    });
  });

  it('are made to a server whose intermediate CA is the one that is trusted', async () => {
    const cloud = await AlibabaCloudEmulator.start({
      secrets: ['app'],
      certificateAuthority: await intermediateAuthority(),
    });
    const { client } = start({
      address: { hostname: 'localhost', port: Number(new URL(cloud.endpoints.kms).port) },
      identity: ramIdentity(cloud.kmsIdentity),
      ca: cloud.certificates.ca,
    });
    await expect(fetchApp(client)).resolves.toMatchObject({ secretName: 'app' });
    await cloud.stop();
  });

  it('are not an error of KMS when they are aborted', async () => {
    const stop = new AbortController();
    suite.cloud.fail('kms', 'hang');
    const fetching = start().fetch(stop.signal);
    stop.abort(new Error('stopped'));
    await expect(fetching).rejects.toThrow('stopped');
  });

  it('that the server has closed meanwhile are replaced within the same fetch', async () => {
    const { fetch } = start();
    await fetch();
    suite.cloud.fail('kms', 'drop');
    await expect(fetch()).resolves.toMatchObject({ secretName: 'app' });
  });

  it('are kept for the next fetch, and closed with the client', async () => {
    const connections: Socket[] = [];
    const { server, port, stop } = await startTlsServer((_request, response) => {
      response.end('{"SecretData":"{}"}');
    });
    server.on('secureConnection', (socket) => connections.push(socket));
    const { client, fetch } = start({
      address: { hostname: 'localhost', port },
      ca: vectorKeyFile('ca.crt.pem'),
    });
    await fetch();
    await fetch();
    expect(connections).toHaveLength(1);
    client.close();
    // The server would close it too, after 5 s.
    await until(() => connections[0]?.destroyed === true, 'the connection is closed', 3000);
    stop();
  });
});
