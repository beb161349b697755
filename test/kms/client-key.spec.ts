import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import forge from 'node-forge';

import { InvalidClientKeyError, parseClientKey } from '../../lib/kms/client-key.js';
import { vectorKeyFile, vectorPassword } from '../support/dkms-vectors.js';

const expected = JSON.parse(vectorKeyFile('expected.json')) as Record<string, string>;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

function attempt(json: string, password = vectorPassword): InvalidClientKeyError {
  try {
    parseClientKey(json, password);
  } catch (error) {
    if (error instanceof InvalidClientKeyError) return error;
    throw error;
  }
  throw new Error('the client key was accepted');
}

describe('a client key', () => {
  it.each(['clientKey.legacy.json', 'clientKey.legacy3des.json', 'clientKey.modern.json'])(
    'is opened as %s',
    (file) => {
      const { keyId, privateKey, certificate } = parseClientKey(vectorKeyFile(file), vectorPassword);
      expect(keyId).toBe(expected['key_id']);
      expect(sha256(privateKey.export({ type: 'pkcs1', format: 'der' }))).toBe(expected['pkcs1_der_sha256']);
      expect(sha256(privateKey.export({ type: 'pkcs8', format: 'der' }))).toBe(expected['pkcs8_der_sha256']);
      const der = Buffer.from(certificate?.replaceAll(/-----.*-----|\s/g, '') ?? '', 'base64');
      expect(sha256(der)).toBe(expected['certificate_sha256']);
    },
  );

  it('may begin with a byte-order mark', () => {
    expect(parseClientKey(`\uFEFF${vectorKeyFile('clientKey.legacy.json')}`, vectorPassword).keyId).toBe(
      expected['key_id'],
    );
  });

  it.each(['clientKey.legacy.json', 'clientKey.legacy3des.json', 'clientKey.modern.json'])(
    'with another password is refused: %s',
    (file) => {
      const error = attempt(vectorKeyFile(file), 'not-the-password');
      expect(error).toMatchObject({ fault: 'password', problem: 'the password does not open it' });
      expect(error.message).not.toContain('not-the-password');
    },
  );

  it.each([
    ['no JSON', '{"KeyId', /not JSON/],
    ['an array', '[]', /no "KeyId"/],
    ['without a KeyId', '{"PrivateKeyData":"AAAA"}', /no "KeyId"/],
    ['without a store', '{"KeyId":"KAAP.1"}', /no "PrivateKeyData"/],
    ['with a store that is no base64', '{"KeyId":"KAAP.1","PrivateKeyData":"%%%"}', /no base64 PKCS#12/],
    [
      'with a store that is another structure',
      '{"KeyId":"KAAP.1","PrivateKeyData":"MAMCAQU="}',
      /cannot be read/,
    ],
  ])('that is %s is refused', (_what, json, message) => {
    expect(attempt(json).message).toMatch(message);
  });

  it('that is cut short is refused', () => {
    const whole = JSON.parse(vectorKeyFile('clientKey.legacy.json')) as { PrivateKeyData: string };
    const cut = { ...whole, PrivateKeyData: whole.PrivateKeyData.slice(0, 1000) };
    expect(attempt(JSON.stringify(cut)).message).toMatch(/no base64 PKCS#12|cannot be read/);
  });

  it('with a certificate but no key is refused', () => {
    const certificate = forge.pki.certificateFromPem(vectorKeyFile('client.crt.pem'));
    const store = forge.pkcs12.toPkcs12Asn1(null, certificate, vectorPassword, {
      algorithm: '3des',
    });
    const json = JSON.stringify({
      KeyId: 'KAAP.1',
      PrivateKeyData: forge.util.encode64(forge.asn1.toDer(store).getBytes()),
    });
    expect(attempt(json).message).toMatch(/holds no private key/);
  });

  it('that signs with an elliptic curve is refused', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pkcs8 = forge.asn1.fromDer(
      forge.util.createBuffer(privateKey.export({ type: 'pkcs8', format: 'der' })),
    );
    const encrypted = forge.pki.encryptPrivateKeyInfo(pkcs8, vectorPassword, { algorithm: '3des' });
    expect(createPublicKey(privateKey).asymmetricKeyType).toBe('ec');
    const json = JSON.stringify({ KeyId: 'KAAP.1', PrivateKeyData: storeWith(encrypted) });
    expect(attempt(json).message).toMatch(/not an RSA key/);
  });
});

/** A PKCS#12 store without MAC around one shrouded key bag. */
function storeWith(encryptedKey: forge.asn1.Asn1): string {
  const { asn1, pki } = forge;
  const oid = (name: string) =>
    asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OID, false, asn1.oidToDer(pki.oids[name] ?? '').getBytes());
  const sequence = (...values: forge.asn1.Asn1[]) =>
    asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SEQUENCE, true, values);
  const tagged = (...values: forge.asn1.Asn1[]) =>
    asn1.create(asn1.Class.CONTEXT_SPECIFIC, asn1.Type.NONE, true, values);
  const octets = (value: forge.asn1.Asn1) =>
    asn1.create(asn1.Class.UNIVERSAL, asn1.Type.OCTETSTRING, false, asn1.toDer(value).getBytes());
  const data = (value: forge.asn1.Asn1) => sequence(oid('data'), tagged(octets(value)));
  const bag = sequence(oid('pkcs8ShroudedKeyBag'), tagged(encryptedKey));
  const store = sequence(
    asn1.create(asn1.Class.UNIVERSAL, asn1.Type.INTEGER, false, asn1.integerToDer(3).getBytes()),
    data(sequence(data(sequence(bag)))),
  );
  return forge.util.encode64(asn1.toDer(store).getBytes());
}
