import { createHmac, randomBytes } from 'node:crypto';
import forge from 'node-forge';
import * as der from './der.js';

const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.2',
  certBag: '1.2.840.113549.1.12.10.1.3',
  x509Certificate: '1.2.840.113549.1.9.22.1',
  pbeWithRc2Of40Bits: '1.2.840.113549.1.12.1.6',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
} as const;
const ITERATIONS = 2048;
const KEY_MATERIAL = 1;
const INITIAL_VECTOR = 2;
const MAC_MATERIAL = 3;

/**
 * How a PKCS#12 file is encrypted: `legacy` is the form that Alibaba Cloud hands out (certificate under RC2 of
 * 40 bits, key under triple DES), `3des` has both under triple DES, `aes` both under AES-256 (PBES2).
 */
export type Pkcs12Form = 'legacy' | '3des' | 'aes';

/** Packs a private key (PKCS#8 DER) and its certificate (DER) into a PKCS#12 file. */
export function toPkcs12(
  privateKey: Buffer,
  certificate: Buffer,
  password: string,
  form: Pkcs12Form,
): Buffer {
  const certificates = der.sequence(
    bag(OID.certBag, der.sequence(der.oid(OID.x509Certificate), der.tagged(0, der.octets(certificate)))),
  );
  const keys = der.sequence(bag(OID.keyBag, encrypt(der.decode(privateKey), password, form === 'aes')));
  const safe = der.encode(
    der.sequence(
      encryptedContent(
        form === 'legacy'
          ? encryptWithRc2(certificates, password)
          : encrypt(certificates, password, form === 'aes'),
      ),
      content(der.encode(keys)),
    ),
  );
  return der.encode(der.sequence(der.integer(3), content(safe), mac(safe, password, form === 'aes')));
}

/**
 * The private key in a PKCS#12 file, PEM.
 * @throws Error when the password does not fit
 */
export function privateKeyOf(pkcs12: Buffer, password: string): string {
  const bags = forge.pkcs12.pkcs12FromAsn1(der.decode(pkcs12), password).getBags({ bagType: OID.keyBag });
  const key = bags[OID.keyBag]?.[0]?.key;
  if (!key) throw new TypeError('The PKCS#12 file holds no RSA private key.');
  return forge.pki.privateKeyToPem(key);
}

function bag(type: string, value: der.Der): der.Der {
  return der.sequence(der.oid(type), der.tagged(0, value));
}

function content(bytes: Buffer): der.Der {
  return der.sequence(der.oid(OID.data), der.tagged(0, der.octets(bytes)));
}

function encryptedContent(encrypted: der.Der): der.Der {
  const [algorithm, secret] = [der.child(encrypted, 0), der.child(encrypted, 1)];
  const info = der.sequence(der.oid(OID.data), algorithm, der.taggedBytes(0, der.bytesOf(secret)));
  return der.sequence(der.oid(OID.encryptedData), der.tagged(0, der.sequence(der.integer(0), info)));
}

// Made for private keys, but it encrypts any tree, into [algorithm, octets].
function encrypt(tree: der.Der, password: string, aes: boolean): der.Der {
  return forge.pki.encryptPrivateKeyInfo(tree, password, {
    algorithm: aes ? 'aes256' : '3des',
    count: ITERATIONS,
    ...(aes ? { prfAlgorithm: 'sha256' } : {}),
  });
}

function encryptWithRc2(tree: der.Der, password: string): der.Der {
  const salt = randomBytes(8);
  const cipher = forge.rc2.createEncryptionCipher(derive(password, salt, KEY_MATERIAL, 5).getBytes(), 40);
  cipher.start(derive(password, salt, INITIAL_VECTOR, 8));
  cipher.update(forge.util.createBuffer(der.toBinary(der.encode(tree))));
  cipher.finish();
  const parameters = der.sequence(der.octets(salt), der.integer(ITERATIONS));
  const bytes = Buffer.from(cipher.output.getBytes(), 'latin1');
  return der.sequence(der.sequence(der.oid(OID.pbeWithRc2Of40Bits), parameters), der.octets(bytes));
}

function mac(safe: Buffer, password: string, sha256: boolean): der.Der {
  const salt = randomBytes(8);
  const size = sha256 ? 32 : 20;
  const digest = sha256 ? forge.md.sha256.create() : forge.md.sha1.create();
  const key = Buffer.from(derive(password, salt, MAC_MATERIAL, size, digest).getBytes(), 'latin1');
  const value = createHmac(sha256 ? 'sha256' : 'sha1', key)
    .update(safe)
    .digest();
  const algorithm = der.sequence(der.oid(sha256 ? OID.sha256 : OID.sha1), der.nothing());
  return der.sequence(der.sequence(algorithm, der.octets(value)), der.octets(salt), der.integer(ITERATIONS));
}

function derive(
  password: string,
  salt: Buffer,
  purpose: number,
  size: number,
  digest: forge.md.MessageDigest = forge.md.sha1.create(),
): forge.util.ByteBuffer {
  const saltBytes = forge.util.createBuffer(der.toBinary(salt));
  return forge.pkcs12.generateKey(password, saltBytes, purpose, ITERATIONS, size, digest);
}
