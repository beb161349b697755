import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

import forge from 'node-forge';

import { isError } from '../core/is-error.js';
import { isRecord } from '../core/is-record.js';

/** The identity of an application at KMS, in place of an access key. */
export interface ClientKey {
  /** `KAAP.…`, the name under which KMS knows the key. No secret. */
  readonly keyId: string;
  readonly privateKey: KeyObject;
  /** PEM certificate of the key, presented to a server that asks for one. */
  readonly certificate?: string | undefined;
}

/** A client key that cannot be used. The message holds no password and nothing of the key. */
export class InvalidClientKeyError extends Error {
  constructor(
    readonly problem: string,
    readonly remedy: string,
    /** Which of the two inputs is at fault. */
    readonly fault: 'clientKey' | 'password' = 'clientKey',
  ) {
    super(`${problem}: ${remedy}`);
    this.name = 'InvalidClientKeyError';
  }
}

const DOWNLOAD_AGAIN =
  'create a client key in the KMS console (Application Access, AAP) and use the clientKey_KAAP.….json it offers, unchanged';

/**
 * Opens a client key as the KMS console hands it out: JSON with a `KeyId` and, in `PrivateKeyData`, a base64
 * PKCS#12 store. All encryptions in use are read: RC2/3DES, 3DES and AES.
 *
 * Takes from 15 ms to 2 s without yielding, by the iteration count of the store: do it once, at start-up.
 *
 * @throws InvalidClientKeyError
 */
export function parseClientKey(json: string, password: string): ClientKey {
  const { keyId, store } = readClientKeyJson(json);
  const bags = openStore(store, password).safeContents.flatMap(({ safeBags }) => safeBags);
  const privateKey = privateKeyOf(bags);
  return { keyId, privateKey, certificate: certificateOf(bags, privateKey) };
}

function readClientKeyJson(json: string): { keyId: string; store: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json.replace(/^\uFEFF/, ''));
  } catch {
    throw new InvalidClientKeyError('it is not JSON', DOWNLOAD_AGAIN);
  }
  const keyId = isRecord(parsed) ? parsed['KeyId'] : undefined;
  const store = isRecord(parsed) ? parsed['PrivateKeyData'] : undefined;
  if (typeof keyId !== 'string' || keyId === '') {
    throw new InvalidClientKeyError('it has no "KeyId"', DOWNLOAD_AGAIN);
  }
  // It is sent as a header, which would fail at each request.
  if (!/^[\x21-\x7E]+$/.test(keyId)) {
    throw new InvalidClientKeyError('its "KeyId" has characters that no key id has', DOWNLOAD_AGAIN);
  }
  if (typeof store !== 'string' || store === '') {
    throw new InvalidClientKeyError('it has no "PrivateKeyData"', DOWNLOAD_AGAIN);
  }
  return { keyId, store };
}

function openStore(base64: string, password: string): forge.pkcs12.Pkcs12Pfx {
  let asn1: forge.asn1.Asn1;
  try {
    asn1 = forge.asn1.fromDer(forge.util.decode64(base64));
  } catch {
    throw new InvalidClientKeyError('its "PrivateKeyData" is no base64 PKCS#12 store', DOWNLOAD_AGAIN);
  }
  try {
    return forge.pkcs12.pkcs12FromAsn1(asn1, password);
  } catch (error) {
    // forge's error says so, be it the MAC that a wrong password breaks or, in a store without one, the key.
    if (isError(error) && error.message.includes('password?')) {
      throw new InvalidClientKeyError(
        'the password does not open it',
        'give the password that was shown when this client key was created; it cannot be looked up later, so if it is lost, create a new client key',
        'password',
      );
    }
    throw new InvalidClientKeyError('its PKCS#12 store cannot be read', DOWNLOAD_AGAIN);
  }
}

function privateKeyOf(bags: readonly forge.pkcs12.Bag[]): KeyObject {
  const { pkcs8ShroudedKeyBag, keyBag } = forge.pki.oids;
  const bag = bags.find(({ type }) => type === pkcs8ShroudedKeyBag || type === keyBag);
  if (bag === undefined) throw new InvalidClientKeyError('its store holds no private key', DOWNLOAD_AGAIN);
  // forge parses RSA keys only and leaves others, such as elliptic curves, in the bag's raw form.
  if (!bag.key) {
    throw new InvalidClientKeyError(
      'its private key is not an RSA key',
      'requests to KMS are signed with RSA; create a client key in the KMS console',
    );
  }
  const pkcs8 = forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(bag.key));
  const der = Buffer.from(forge.asn1.toDer(pkcs8).getBytes(), 'binary');
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

/** The certificate of the key, among others such as that of its issuer. */
function certificateOf(bags: readonly forge.pkcs12.Bag[], privateKey: KeyObject): string | undefined {
  const publicKey = createPublicKey(privateKey);
  return bags
    .flatMap(({ cert }) => (cert ? [forge.pki.certificateToPem(cert)] : []))
    .find((pem) => createPublicKey(pem).equals(publicKey));
}
