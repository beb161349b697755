import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';
import * as der from './der.js';

const DAY_MS = 86_400_000;
const OID = {
  commonName: '2.5.4.3',
  sha256WithRsa: '1.2.840.113549.1.1.11',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
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
  /** The certificate. */
  readonly certificate: string;
  /** The key, in PKCS#8. */
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
    der.sequence(der.utcTime(new Date(now - DAY_MS)), der.utcTime(new Date(now + 3650 * DAY_MS))),
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
  const own = keyIdentifier(request.publicKey);
  const issuers = request.issuerCertificate === undefined ? own : keyIdentifierIn(request.issuerCertificate);
  list.push(extension(OID.subjectKeyIdentifier, der.octets(own)));
  if (issuers) list.push(extension(OID.authorityKeyIdentifier, der.sequence(der.taggedBytes(0, issuers))));
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

// RFC 5280, 4.2.1.2: the SHA-1 of the key's bits, without the byte that counts the unused ones.
function keyIdentifier(key: KeyObject): Buffer {
  const bits = der.child(der.decode(key.export({ type: 'spki', format: 'der' })), 1);
  return createHash('sha1').update(der.bytesOf(bits).subarray(1)).digest();
}

// An existing CA may have made its identifier in another way.
function keyIdentifierIn(certificate: string): Buffer | undefined {
  const tbs = der.child(der.decode(fromPem(certificate)), 0);
  const wanted = der.bytesOf(der.oid(OID.subjectKeyIdentifier));
  const found = der
    .children(der.child(der.child(tbs, -1), 0))
    .find((entry) => der.bytesOf(der.child(entry, 0)).equals(wanted));
  return found && der.bytesOf(der.decode(der.bytesOf(der.child(found, -1))));
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
