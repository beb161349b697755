import { readFileSync } from 'node:fs';
import { AlibabaCloudEmulator, type AlibabaCloudEmulatorOptions } from '../../../lib/testing/index.js';

const KEYS = new URL('../../vectors/dkms/keys/', import.meta.url);

/** A file of the recorded keys. */
export function recordedKey(name: string): string {
  return readFileSync(new URL(name, KEYS), 'utf8');
}

/** A cloud with a recorded client key, which spares a test the making of an RSA key. */
export function startCloud(options: AlibabaCloudEmulatorOptions = {}): Promise<AlibabaCloudEmulator> {
  const clientKey = recordedKey('clientKey.legacy.json');
  return AlibabaCloudEmulator.start({ clientKey, password: recordedKey('password.txt'), ...options });
}
