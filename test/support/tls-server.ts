import { createServer, type Server } from 'node:https';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

import forge from 'node-forge';

import { vectorKeyFile } from './dkms-vectors.js';

/** The PEM certificate of a host, signed by the CA of the recorded exchanges. */
export function certificateFor(hostname: string, { validForDays = 30 } = {}): string {
  const certificate = forge.pki.createCertificate();
  const caCertificate = forge.pki.certificateFromPem(vectorKeyFile('ca.crt.pem'));
  const key = forge.pki.privateKeyFromPem(vectorKeyFile('server.key.pem'));
  certificate.publicKey = forge.pki.rsa.setPublicKey(key.n, key.e);
  certificate.serialNumber = '0102';
  const end = Date.now() + validForDays * 86_400_000;
  certificate.validity.notBefore = new Date(Math.min(Date.now(), end) - 86_400_000);
  certificate.validity.notAfter = new Date(end);
  certificate.setSubject([{ name: 'commonName', value: hostname }]);
  certificate.setIssuer(caCertificate.subject.attributes);
  certificate.setExtensions([{ name: 'subjectAltName', altNames: [{ type: 2, value: hostname }] }]);
  certificate.sign(forge.pki.privateKeyFromPem(vectorKeyFile('ca.key.pem')), forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate);
}

/** A TLS server on loopback that presents a certificate of the recorded exchanges' CA. */
export async function startTlsServer(listener: RequestListener, cert = vectorKeyFile('server.crt.pem')) {
  const server: Server = createServer({ key: vectorKeyFile('server.key.pem'), cert }, listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    server,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
