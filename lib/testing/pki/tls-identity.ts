import { createPrivateKey } from 'node:crypto';
import { issueCertificate, type CertifiedKey } from './certificate.js';
import { newEcKey, toPem } from './key-pair.js';

/** What the TLS servers show, and what clients trust. */
export interface TlsIdentity {
  /** The CA's certificate alone, PEM. */
  readonly ca: string;
  readonly server: CertifiedKey;
}

/**
 * A server certificate for some hosts, signed by a CA.
 * @param authority an existing CA; a new one is made without it
 */
export async function newTlsIdentity(
  hosts: readonly string[],
  authority?: CertifiedKey,
): Promise<TlsIdentity> {
  const [ca, serverKey] = await Promise.all([authority ?? newAuthority(), newEcKey()]);
  const certificate = issueCertificate({
    commonName: hosts[0] ?? 'localhost',
    publicKey: serverKey.publicKey,
    issuerKey: createPrivateKey(ca.privateKey),
    issuerCertificate: ca.certificate,
    hosts,
  });
  return { ca: ca.certificate, server: { certificate, privateKey: toPem(serverKey.privateKey) } };
}

async function newAuthority(): Promise<CertifiedKey> {
  const { publicKey, privateKey } = await newEcKey();
  const certificate = issueCertificate({
    commonName: 'Alibaba Cloud Emulator CA',
    publicKey,
    issuerKey: privateKey,
    isAuthority: true,
  });
  return { certificate, privateKey: toPem(privateKey) };
}
