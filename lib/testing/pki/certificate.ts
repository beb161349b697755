import { randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';
import * as der from './der.js';

const DAY_MS = 86_400_000;
const OID = {
  commonName: '2.5.4.3',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;
const SAN_DNS = 2;
const SAN_IP = 7;
// Bit 0 is digitalSignature; bits 5 and 6 are keyCertSign and cRLSign.
const USAGE_SIGN = der.bits(Buffer.from([0b1000_0000]), 7);
const USAGE_CA = der.bits(Buffer.from([0b0000_0110]), 1);

/** A certificate with the key that belongs to it, both PEM. */
export interface CertifiedKey {
  readonly certificate: string;
  readonly privateKey: string;
}

/** What a new certificate says. */
export interface CertificateRequest {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  /** Key of the issuer; the subject's own for a self-signed certificate. */
  readonly issuerKey: KeyObject;
  /** PEM of the issuer; absent for a self-signed certificate. */
  readonly issuerCertificate?: string;
  readonly isAuthority?: boolean;
  /** Host names and addresses, for a TLS server. */
  readonly hosts?: readonly string[];
}

/**
 * Issues an X.509 certificate for a test, valid for ten years.
 *
 * node-forge's own `createCertificate` signs in JavaScript (some 50 ms) and knows RSA only; here it encodes,
 * and node:crypto signs, with an EC key as well.
 */
export function issueCertificate(request: CertificateRequest): string {
  const name = forge.pki.distinguishedNameToAsn1({
    attributes: [{ type: OID.commonName, value: request.commonName }],
  });
  const algorithm = signatureAlgorithm(request.issuerKey);
  const now = Date.now();
  const tbs = der.sequence(
    der.tagged(0, der.integer(2)),
    // The first byte keeps the serial number positive and of full length.
    der.bigInteger(Buffer.concat([Buffer.from([0x4e]), randomBytes(15)])),
    algorithm,
    request.issuerCertificate === undefined ? name : subjectOf(request.issuerCertificate),
    der.sequence(
      der.generalizedTime(new Date(now - DAY_MS)),
      der.generalizedTime(new Date(now + 3650 * DAY_MS)),
    ),
    name,
    der.decode(request.publicKey.export({ type: 'spki', format: 'der' })),
    der.tagged(3, der.sequence(...extensions(request))),
  );
  const signature = sign('sha256', der.encode(tbs), request.issuerKey);
  return toPem(der.encode(der.sequence(tbs, algorithm, der.bits(signature))));
}

function signatureAlgorithm(key: KeyObject): der.Der {
  return key.asymmetricKeyType === 'rsa'
    ? der.sequence(der.oid(OID.sha256WithRsa), der.nothing())
    : der.sequence(der.oid(OID.ecdsaWithSha256));
}

function extensions(request: CertificateRequest): der.Der[] {
  const list = [
    extension(
      OID.basicConstraints,
      request.isAuthority ? der.sequence(der.boolean(true)) : der.sequence(),
      true,
    ),
    extension(OID.keyUsage, request.isAuthority ? USAGE_CA : USAGE_SIGN, true),
  ];
  if (request.hosts) {
    list.push(extension(OID.extendedKeyUsage, der.sequence(der.oid(OID.serverAuth))));
    list.push(extension(OID.subjectAltName, der.sequence(...request.hosts.map(alternativeName))));
  }
  return list;
}

function extension(id: string, value: der.Der, critical = false): der.Der {
  const content = der.octets(der.encode(value));
  return critical
    ? der.sequence(der.oid(id), der.boolean(true), content)
    : der.sequence(der.oid(id), content);
}

function alternativeName(host: string): der.Der {
  if (isIP(host) === 0) return der.taggedBytes(SAN_DNS, Buffer.from(host));
  return der.taggedBytes(
    SAN_IP,
    isIP(host) === 4 ? Buffer.from(host.split('.').map(Number)) : ipv6Bytes(host),
  );
}

function ipv6Bytes(host: string): Buffer {
  const [head = [], tail = []] = host.split('::').map((half) => half.split(':').filter(Boolean));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  const groups = [...head, ...zeros, ...tail].map((group) => group.padStart(4, '0'));
  return Buffer.from(groups.join(''), 'hex');
}

function subjectOf(certificate: string): der.Der {
  const [TO_BE_SIGNED, SUBJECT] = [0, 5];
  return der.child(der.child(der.decode(fromPem(certificate)), TO_BE_SIGNED), SUBJECT);
}

function fromPem(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
}

function toPem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
