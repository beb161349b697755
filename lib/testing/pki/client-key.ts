import { createPublicKey, randomUUID, X509Certificate, type KeyObject } from 'node:crypto';
import { randomAlphanumerics } from '../cloud/identifiers.js';
import { EmulatorError } from '../emulator-error.js';
import { issueCertificate } from './certificate.js';
import { newRsaKey } from './key-pair.js';
import { privateKeyOf, toPkcs12, type Pkcs12Form } from './pkcs12.js';

/** A client key of dedicated KMS, as the KMS console hands it out. */
export interface ClientKey {
  readonly keyId: string;
  /** The content of clientKey.json: `{"KeyId", "PrivateKeyData"}`. */
  readonly json: string;
  /** The password of the PKCS#12 file in `PrivateKeyData`. */
  readonly password: string;
  /** What signatures are verified with. */
  readonly publicKey: KeyObject;
}

/** A new client key with a self-signed certificate. */
export async function newClientKey(form: Pkcs12Form): Promise<ClientKey> {
  const { privateKey, publicKey } = await newRsaKey();
  const keyId = `KAAP.${randomUUID()}`;
  const password = randomAlphanumerics(24);
  const certificate = new X509Certificate(
    issueCertificate({ commonName: keyId, publicKey, issuerKey: privateKey }),
  );
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const file = toPkcs12(pkcs8, certificate.raw, password, form);
  const json = JSON.stringify({ KeyId: keyId, PrivateKeyData: file.toString('base64') });
  return { keyId, json, password, publicKey };
}

/**
 * Reads a client key that exists already.
 * @param json content of clientKey.json
 * @throws EmulatorError when it cannot be opened
 */
export function readClientKey(json: string, password: string): ClientKey {
  try {
    const content: unknown = JSON.parse(json);
    const keyId = stringIn(content, 'KeyId');
    const data = stringIn(content, 'PrivateKeyData');
    const publicKey = createPublicKey(privateKeyOf(Buffer.from(data, 'base64'), password));
    return { keyId, json, password, publicKey };
  } catch (error) {
    throw new EmulatorError('The option clientKey cannot be opened with the option password.', {
      cause: error,
    });
  }
}

function stringIn(content: unknown, name: string): string {
  const value: unknown =
    typeof content === 'object' && content !== null ? Reflect.get(content, name) : undefined;
  if (typeof value === 'string') return value;
  throw new TypeError(`${name} must be a string.`);
}
