import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { errorOf, fieldsOf, sendRaw, type RawRequest } from './support/dkms-caller.js';
import { recordedKey, startCloud } from './support/start-cloud.js';

const VECTORS = new URL('../vectors/dkms/', import.meta.url);

interface Vector {
  readonly name: string;
  readonly date: string;
  readonly input: { readonly secret_name: string; readonly version_id?: string };
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body_hex: string;
  };
}

const read = (name: string): string => readFileSync(new URL(name, VECTORS), 'utf8');
const vectors = readdirSync(VECTORS)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(read(name)) as Vector);

function recorded({ request }: Vector): RawRequest & { headers: Record<string, string> } {
  const headers = Object.fromEntries(request.headers.map(([name, value]) => [name.toLowerCase(), value]));
  return { method: request.method, path: request.path, headers, body: Buffer.from(request.body_hex, 'hex') };
}

function flip(bytes: Buffer, index: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}

const keyIdOf = (vector: Vector): string => recorded(vector).headers['x-kms-acccesskeyid'] ?? '';
const keyIds = [...new Set(vectors.map(keyIdOf))];

/** A cloud at the time and with the keys of the recordings. */
function recordedCloud(keyId: string): Promise<AlibabaCloudEmulator> {
  const clientKey = JSON.parse(recordedKey('clientKey.legacy.json')) as object;
  return startCloud({
    secrets: [...new Set(vectors.map(({ input }) => input.secret_name))],
    clientKey: JSON.stringify({ ...clientKey, KeyId: keyId }),
    certificateAuthority: { certificate: recordedKey('ca.crt.pem'), privateKey: recordedKey('ca.key.pem') },
    now: () => Date.parse('Fri, 05 Jan 2024 08:09:10 GMT'),
  });
}

describe.each(keyIds)('the official client with the key %s', (keyId) => {
  let cloud: AlibabaCloudEmulator;
  const own = vectors.filter((vector) => keyIdOf(vector) === keyId);

  beforeAll(async () => {
    cloud = await recordedCloud(keyId);
  });
  afterAll(() => cloud.stop());

  test.each(own)('is understood: $name', async (vector) => {
    const { status, body } = await sendRaw(cloud, recorded(vector));
    // The recorded version id is not one of this cloud's: only what comes after the signature can refuse it.
    const known = vector.input.version_id === undefined;
    const fields = fieldsOf(body);
    expect([status, fields.get(known ? 1 : 2)]).toEqual(
      known ? [200, [vector.input.secret_name]] : [404, ['Forbidden.ResourceNotFound']],
    );
  });
});

describe('the official client', () => {
  let cloud: AlibabaCloudEmulator;
  const [first] = vectors;
  if (!first) throw new Error('no vectors');

  beforeAll(async () => {
    cloud = await recordedCloud(keyIdOf(first));
  });
  afterAll(() => cloud.stop());

  test('is refused once a bit of its request has changed', async () => {
    const original = recorded(first);
    const change = (name: string, value: string): RawRequest => ({
      ...original,
      headers: { ...original.headers, [name]: value },
    });
    const { body, headers } = original;
    const [, base64 = ''] = headers['authorization']?.split(' ') ?? [];
    const signature = flip(Buffer.from(base64, 'base64'), 100).toString('base64');
    const changed = {
      body: { ...original, body: flip(body, 5) },
      date: change('date', 'Fri, 05 Jan 2024 08:09:11 GMT'),
      skewed: change('date', 'Fri, 05 Jan 2024 08:24:11 GMT'),
      dateFormat: change('date', '2024-01-05T08:09:10Z'),
      keyId: change('x-kms-acccesskeyid', 'KAAP.21111111-2222-3333-4444-555555555555'),
      signature: change('authorization', `Bearer ${signature}`),
      scheme: change('authorization', `Basic ${base64}`),
      signedHeader: change('x-kms-extra', '1'),
      apiName: change('x-kms-apiname', 'Encrypt'),
      apiVersion: change('x-kms-apiversion', 'dkms-gcs-0.1'),
      method: change('x-kms-signaturemethod', 'RSA_PSS_SHA_256'),
      contentType: change('content-type', 'application/json'),
      accept: change('accept', '*/*'),
      hash: change('content-sha256', headers['content-sha256']?.toLowerCase() ?? ''),
    };
    const answers = await Promise.all(
      Object.entries(changed).map(async ([what, raw]) => [what, await errorOf(cloud, raw)] as const),
    );
    expect(Object.fromEntries(answers)).toEqual({
      body: [400, 'InvalidParam'],
      date: [401, 'SignatureNotMatch'],
      skewed: [400, 'RequestTimeTooSkewed'],
      dateFormat: [400, 'InvalidParam'],
      keyId: [404, 'Unauthorized'],
      signature: [401, 'SignatureNotMatch'],
      scheme: [401, 'SignatureNotMatch'],
      signedHeader: [401, 'SignatureNotMatch'],
      apiName: [401, 'SignatureNotMatch'],
      apiVersion: [400, 'InvalidParam'],
      method: [400, 'InvalidParam'],
      contentType: [415, 'InvalidContentType'],
      accept: [400, 'InvalidParam'],
      hash: [400, 'InvalidParam'],
    });
  });
});
