import { createHash, createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import forge from 'node-forge';

import { InvalidClientKeyError, parseClientKey } from '../../lib/kms/client-key.js';
import { issueCertificate } from '../../lib/testing/pki/certificate.js';
import { vectorKeyFile, vectorPassword } from '../support/dkms-vectors.js';
import { certBag, decodeDer, keyBag, pkcs12Store } from '../support/pkcs12-store.js';

const expected = JSON.parse(vectorKeyFile('expected.json')) as Record<string, string>;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
/** The key of the recorded client keys: PKCS#8, in the clear. */
const rsaKey = decodeDer(
  createPrivateKey(vectorKeyFile('client.key.pkcs8.pem')).export({ type: 'pkcs8', format: 'der' }),
);
const jsonWith = (...bags: forge.asn1.Asn1[]) =>
  JSON.stringify({ KeyId: 'KAAP.1', PrivateKeyData: pkcs12Store(...bags) });

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
      expect(error).toMatchObject({
        name: 'InvalidClientKeyError',
        fault: 'password',
        problem: 'the password does not open it',
        remedy: expect.stringMatching(/^give the password that was shown .* create a new client key$/),
      });
      expect(error.message).not.toContain('not-the-password');
    },
  );

  it.each([
    ['no JSON', '{"KeyId', /not JSON/],
    ['an array', '[]', /no "KeyId"/],
    ['without a KeyId', '{"PrivateKeyData":"AAAA"}', /no "KeyId"/],
    ['with an empty KeyId', '{"KeyId":"","PrivateKeyData":"AAAA"}', /no "KeyId"/],
    ...['KAAP.1\\n', 'KAAP.1 ', 'KAAP.\\u4e00'].map(
      (keyId) =>
        [
          `with the KeyId ${keyId}`,
          `{"KeyId":"${keyId}","PrivateKeyData":"AAAA"}`,
          /"KeyId" has characters/,
        ] as const,
    ),
    ['without a store', '{"KeyId":"KAAP.1"}', /no "PrivateKeyData"/],
    ['with an empty store', '{"KeyId":"KAAP.1","PrivateKeyData":""}', /no "PrivateKeyData"/],
    ['with a store that is no base64', '{"KeyId":"KAAP.1","PrivateKeyData":"%%%"}', /no base64 PKCS#12/],
    [
      'with a store that is another structure',
      '{"KeyId":"KAAP.1","PrivateKeyData":"MAMCAQU="}',
      /cannot be read/,
    ],
  ])('that is %s is refused', (_what, json, message) => {
    expect(attempt(json)).toMatchObject({
      fault: 'clientKey',
      problem: expect.stringMatching(message),
      remedy: expect.stringMatching(/^create a client key in the KMS console .* unchanged$/),
    });
  });

  it('that is cut short is refused', () => {
    const whole = JSON.parse(vectorKeyFile('clientKey.legacy.json')) as { PrivateKeyData: string };
    const cut = { ...whole, PrivateKeyData: whole.PrivateKeyData.slice(0, 1000) };
    expect(attempt(JSON.stringify(cut)).message).toMatch(/no base64 PKCS#12|cannot be read/);
  });

  it('may hold its key in the clear, and no certificate', () => {
    const { privateKey, certificate } = parseClientKey(jsonWith(keyBag('keyBag', rsaKey)), vectorPassword);
    expect(sha256(privateKey.export({ type: 'pkcs8', format: 'der' }))).toBe(expected['pkcs8_der_sha256']);
    expect(certificate).toBeUndefined();
  });

  it('has the certificate of its key, whatever others stand beside it', () => {
    const [rsaIssuer, own] = ['ca.crt.pem', 'client.crt.pem'].map(
      (file) => new X509Certificate(vectorKeyFile(file)),
    );
    const { privateKey: issuerKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const ecIssuer = new X509Certificate(issueCertificate({ commonName: 'CA', publicKey, issuerKey }));
    const bags = [ecIssuer, rsaIssuer, own].flatMap((item) => (item ? [certBag(decodeDer(item.raw))] : []));
    const { certificate } = parseClientKey(jsonWith(...bags, keyBag('keyBag', rsaKey)), vectorPassword);
    expect(new X509Certificate(certificate ?? '').fingerprint256).toBe(own?.fingerprint256);

    const foreign = jsonWith(...bags.slice(0, 2), keyBag('keyBag', rsaKey));
    expect(parseClientKey(foreign, vectorPassword).certificate).toBeUndefined();
  });

  it('without a check sum is refused for another password as well', () => {
    const encrypted = forge.pki.encryptPrivateKeyInfo(rsaKey, vectorPassword, {
      algorithm: '3des',
      count: 1,
    });
    const json = jsonWith(keyBag('pkcs8ShroudedKeyBag', encrypted));
    expect(parseClientKey(json, vectorPassword).keyId).toBe('KAAP.1');
    expect(attempt(json, 'not-the-password')).toMatchObject({ fault: 'password' });
  });

  it('with a certificate but no key is refused', () => {
    const { raw } = new X509Certificate(vectorKeyFile('client.crt.pem'));
    expect(attempt(jsonWith(certBag(decodeDer(raw)))).message).toMatch(/holds no private key/);
  });

  it('that signs with an elliptic curve is refused', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pkcs8 = decodeDer(privateKey.export({ type: 'pkcs8', format: 'der' }));
    const encrypted = forge.pki.encryptPrivateKeyInfo(pkcs8, vectorPassword, { algorithm: '3des', count: 1 });
    const { fault, message } = attempt(jsonWith(keyBag('pkcs8ShroudedKeyBag', encrypted)));
    expect(fault).toBe('clientKey');
    expect(message).toMatch(/^its private key is not an RSA key: .*signed with RSA; create a client key/);
  });
});
