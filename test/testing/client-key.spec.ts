import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { AlibabaCloudEmulator, EmulatorError } from '../../lib/testing/index.js';
import { getSecretValueRequest, sendRaw } from './support/dkms-caller.js';
import { recordedKey, startCloud } from './support/start-cloud.js';

function openByOpenSsl(pfx: Buffer, passphrase: string): string {
  try {
    createSecureContext({ pfx, passphrase });
    return 'opened';
  } catch (error) {
    return String(error);
  }
}

describe('the client key of the emulator', () => {
  let cloud: AlibabaCloudEmulator | undefined;
  afterEach(() => cloud?.stop());

  // What KMS hands out cannot be opened by the OpenSSL of Node: the emulator must not be easier on clients.
  test.each([
    ['legacy', /Unsupported PKCS12/],
    ['3des', /^opened$/],
    ['aes', /^opened$/],
  ] as const)('opens in the form %s and signs calls', async (clientKeyForm, byOpenSsl) => {
    cloud = await AlibabaCloudEmulator.start({ clientKeyForm, secrets: ['one'] });
    const { status } = await sendRaw(cloud, getSecretValueRequest(cloud, { secretName: 'one' }));
    expect(status).toBe(200);
    const { KeyId, PrivateKeyData } = JSON.parse(cloud.clientKey.json) as Record<string, string>;
    expect(KeyId).toBe(cloud.clientKey.keyId);
    const pfx = Buffer.from(PrivateKeyData ?? '', 'base64');
    expect(openByOpenSsl(pfx, cloud.clientKey.password)).toMatch(byOpenSsl);
    expect(openByOpenSsl(pfx, 'wrong')).toMatch(/mac verify failure/);
  });

  test.each(['clientKey.legacy.json', 'clientKey.legacy3des.json', 'clientKey.modern.json'])(
    'may be given: %s',
    async (file) => {
      cloud = await AlibabaCloudEmulator.start({
        clientKey: recordedKey(file),
        password: recordedKey('password.txt'),
        secrets: ['one'],
      });
      const { status } = await sendRaw(cloud, getSecretValueRequest(cloud, { secretName: 'one' }));
      expect(status).toBe(200);
      expect(readFileSync(cloud.clientKey.file, 'utf8')).toBe(recordedKey(file));
    },
  );

  test('must come with its password', async () => {
    const clientKey = recordedKey('clientKey.legacy.json');
    await expect(AlibabaCloudEmulator.start({ clientKey })).rejects.toThrow(/needs the option password/);
    const wrong = AlibabaCloudEmulator.start({ clientKey, password: 'Secret-1' });
    await expect(wrong).rejects.toThrow(EmulatorError);
    await expect(wrong).rejects.not.toThrow(/Secret-1/);
    await expect(AlibabaCloudEmulator.start({ clientKey: '{}', password: 'x' })).rejects.toThrow(
      EmulatorError,
    );
  });
});

describe('the certificates of the emulator', () => {
  test('are a CA and a server certificate for every name of this machine', async () => {
    const cloud = await startCloud({ host: '127.0.0.1' });
    try {
      const ca = new X509Certificate(cloud.certificates.ca);
      expect(ca.ca).toBe(true);
      expect(ca.verify(ca.publicKey)).toBe(true);
      expect(readFileSync(cloud.certificates.caFile, 'utf8')).toBe(cloud.certificates.ca);
      expect(cloud.certificates.ca.match(/BEGIN/g)).toHaveLength(1);
      const request = getSecretValueRequest(cloud, { secretName: 'one' });
      const { certificates, endpoints } = cloud;
      const dedicatedKms = endpoints.dedicatedKms.replace('localhost', '127.0.0.1');
      const byAddress = { certificates, endpoints: { ...endpoints, dedicatedKms } };
      expect((await sendRaw(byAddress, request)).status).toBe(404);
    } finally {
      await cloud.stop();
    }
  });

  test('may be signed by a given CA', async () => {
    const certificate = recordedKey('ca.crt.pem');
    const certificateAuthority = { certificate, privateKey: recordedKey('ca.key.pem') };
    const cloud = await startCloud({ certificateAuthority, secrets: ['one'] });
    try {
      expect(cloud.certificates.ca).toBe(certificate);
      const { status } = await sendRaw(cloud, getSecretValueRequest(cloud, { secretName: 'one' }));
      expect(status).toBe(200);
    } finally {
      await cloud.stop();
    }
  });
});
