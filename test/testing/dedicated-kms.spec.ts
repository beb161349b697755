import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator, RamSecretInfo } from '../../lib/testing/index.js';
import { fieldsOf, getSecretValueRequest, sendRaw, type RawRequest } from './support/dkms-caller.js';
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

async function errorOf(cloud: AlibabaCloudEmulator, raw: RawRequest): Promise<readonly [number, string]> {
  const { status, body } = await sendRaw(cloud, raw);
  return [status, fieldsOf(body).get(2)?.[0] ?? ''];
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

describe('GetSecretValue', () => {
  const name = 'acs/ram/user/ecs-app';
  let cloud: AlibabaCloudEmulator;
  let first: RamSecretInfo;
  let current: RamSecretInfo;

  beforeAll(async () => {
    cloud = await startCloud();
    first = cloud.createSecret(name, { rotationIntervalMs: 3_600_000 });
    current = cloud.rotate(name);
    cloud.createSecret('plain', { type: 'generic', secretData: 'any text' });
    cloud.createSecret('still', { automaticRotation: false, secretData: 'not JSON' });
  });
  afterAll(() => cloud.stop());

  const ask = async (query: Parameters<typeof getSecretValueRequest>[1]): Promise<Map<number, string[]>> =>
    fieldsOf((await sendRaw(cloud, getSecretValueRequest(cloud, query))).body);

  test('answers the current version, in the fields that the real service uses', async () => {
    const fields = await ask({ secretName: name, versionStage: 'ACSCurrent', extended: true });
    const created = `${new Date(current.createdAt).toISOString().slice(0, 19)}Z`;
    const next = `${new Date(current.createdAt + 3_600_000).toISOString().slice(0, 19)}Z`;
    expect(Object.fromEntries(fields)).toEqual({
      1: [name],
      2: ['RAMCredentials'],
      3: [expect.any(String)],
      4: ['text'],
      5: ['ACSCurrent'],
      6: [current.versionId],
      7: [created],
      8: [cloud.requests('dedicatedKms').at(-1)?.requestId],
      9: [created],
      10: [next],
      11: ['{"SecretSubType":"RamUserAccessKey","UserName":"ecs-app"}'],
      12: ['Enabled'],
      13: ['3600s'],
    });
    expect(JSON.parse(fields.get(3)?.[0] ?? '')).toEqual({
      AccessKeyId: current.accessKeyId,
      AccessKeySecret: current.accessKeySecret,
      GenerateTimestamp: created,
    });
    expect(current.accessKeyId).toMatch(/^LTAI5t[A-Za-z0-9]{18}$/);
    expect(current.accessKeySecret).toMatch(/^[A-Za-z0-9]{30}$/);
  });

  const versionOf = async (query: object): Promise<string | undefined> =>
    (await ask({ secretName: name, ...query })).get(6)?.[0];

  test('leaves the extended configuration out when it is not asked for', async () => {
    expect((await ask({ secretName: name })).has(11)).toBe(false);
  });

  test('finds a version by its stage and by its id', async () => {
    expect(await versionOf({})).toBe(current.versionId);
    expect(await versionOf({ versionStage: 'ACSPrevious' })).toBe(first.versionId);
    expect(await versionOf({ versionId: first.versionId })).toBe(first.versionId);
    expect(await versionOf({ versionId: first.versionId, versionStage: 'ACSPrevious' })).toBe(
      first.versionId,
    );
  });

  test.each([
    ['secret', { secretName: 'nobody' }],
    ['stage', { secretName: name, versionStage: 'Custom' }],
    ['previous version', { secretName: 'plain', versionStage: 'ACSPrevious' }],
    ['version', { secretName: name, versionId: 'v-1' }],
  ])('answers 404 for an unknown %s', async (_, query) => {
    const answer = await errorOf(cloud, getSecretValueRequest(cloud, query));
    expect(answer).toEqual([404, 'Forbidden.ResourceNotFound']);
  });

  test('answers 404 for a version in another stage than the one asked for', async () => {
    const query = { secretName: name, versionId: first.versionId, versionStage: 'ACSCurrent' };
    expect(await errorOf(cloud, getSecretValueRequest(cloud, query))).toEqual([
      404,
      'Forbidden.ResourceNotFound',
    ]);
  });

  test('knows generic secrets and secrets that do not rotate', async () => {
    const plain = await ask({ secretName: 'plain', extended: true });
    expect([plain.get(2), plain.get(3), plain.get(11), plain.get(12)]).toEqual([
      ['Generic'],
      ['any text'],
      undefined,
      undefined,
    ]);
    const still = await ask({ secretName: 'still' });
    expect([still.get(3), still.get(10), still.get(12), still.get(13)]).toEqual([
      ['not JSON'],
      undefined,
      ['Disabled'],
      undefined,
    ]);
  });

  test('is the only API, at the only path', async () => {
    const other = getSecretValueRequest(cloud, { secretName: name }, { 'x-kms-apiname': 'Encrypt' });
    expect(await errorOf(cloud, other)).toEqual([400, 'InvalidAction']);
    const good = getSecretValueRequest(cloud, { secretName: name });
    expect((await errorOf(cloud, { ...good, path: '/other' }))[0]).toBe(404);
    expect((await errorOf(cloud, { ...good, path: '/?a=1' }))[0]).toBe(404);
    expect((await errorOf(cloud, { ...good, method: 'PUT' }))[0]).toBe(404);
  });

  test('refuses a request without one of its headers', async () => {
    const { headers, body } = getSecretValueRequest(cloud, { secretName: name });
    const names = ['date', 'authorization', 'content-sha256', 'accept', 'user-agent', 'x-kms-acccesskeyid'];
    for (const missing of names) {
      const rest = Object.fromEntries(Object.entries(headers).filter(([header]) => header !== missing));
      expect([missing, ...(await errorOf(cloud, { headers: rest, body }))]).toEqual([
        missing,
        400,
        'InvalidParam',
      ]);
    }
  });

  test('refuses a body of more than 3 MB', async () => {
    const huge = getSecretValueRequest(cloud, { secretName: 'x'.repeat(3 * 1024 * 1024) });
    expect((await errorOf(cloud, huge))[0]).toBe(413);
  });

  test('is trusted only by those who know the CA', async () => {
    const { endpoints, certificates } = cloud;
    const call = sendRaw(
      { endpoints, certificates: { ...certificates, ca: '' } },
      getSecretValueRequest(cloud, { secretName: name }),
    );
    await expect(call).rejects.toThrow(/certificate/);
  });
});
