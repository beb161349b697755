import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator, RamSecretInfo } from '../../lib/testing/index.js';
import { errorOf, fieldsOf, getSecretValueRequest, sendRaw } from './support/dkms-caller.js';
import { startCloud } from './support/start-cloud.js';

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
