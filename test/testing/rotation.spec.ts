import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type AlibabaCloudEmulator, EmulatorError, type RamSecretInfo } from '../../lib/testing/index.js';
import { fieldsOf, getSecretValueRequest, sendRaw } from './support/dkms-caller.js';
import { acsClient } from './support/acs-clients.js';
import type { SdkError } from './support/failure-of.js';
import { startCloud } from './support/start-cloud.js';

describe('the secrets of the emulator', () => {
  let cloud: AlibabaCloudEmulator;
  let name: string;
  let laterMs = 0;

  beforeAll(async () => {
    cloud = await startCloud({ now: () => Date.now() + laterMs });
  });
  afterAll(() => cloud.stop());

  beforeEach(() => {
    laterMs = 0;
    name = `acs/ram/user/${expect.getState().currentTestName}`;
    cloud.createSecret(name);
  });

  const works = (key: RamSecretInfo): Promise<boolean> =>
    acsClient(cloud, key)
      .request('DescribeRegions', {}, { method: 'POST' })
      .then(
        () => true,
        (error: SdkError) => {
          expect(error.code).toBe('InvalidAccessKeyId.NotFound');
          return false;
        },
      );

  const answeredVersion = async (versionStage = 'ACSCurrent'): Promise<string | undefined> => {
    const raw = getSecretValueRequest(cloud, { secretName: name, versionStage });
    return fieldsOf((await sendRaw(cloud, raw)).body).get(6)?.[0];
  };

  test('a planned rotation leaves the key before good until the next one', async () => {
    const first = cloud.secret(name);
    const second = cloud.rotate(name);
    expect(await Promise.all([first, second].map(works))).toEqual([true, true]);
    expect(await answeredVersion()).toBe(second.versionId);
    const third = cloud.rotate(name);
    expect(await Promise.all([first, second, third].map(works))).toEqual([false, true, true]);
    expect(
      new Set([first, second, third].flatMap(({ versionId, accessKeyId }) => [versionId, accessKeyId])).size,
    ).toBe(6);
  });

  test('an emergency rotation revokes every older key at once', async () => {
    const keys = [cloud.secret(name), cloud.rotate(name), cloud.emergencyRotate(name)];
    expect(await Promise.all(keys.map(works))).toEqual([false, false, true]);
    expect(await answeredVersion()).toBe(keys[2]?.versionId);
  });

  test('KMS may lag behind an emergency rotation', async () => {
    const first = cloud.rotate(name);
    const second = cloud.emergencyRotate(name, { kmsLagMs: 5000 });
    expect(cloud.secret(name)).toEqual(second);
    expect([await works(first), await works(second)]).toEqual([false, true]);
    expect(await answeredVersion()).toBe(first.versionId);
    laterMs = 3000;
    expect(await answeredVersion()).toBe(first.versionId);
    laterMs = 5000;
    expect(await answeredVersion()).toBe(second.versionId);
    expect(await answeredVersion('ACSPrevious')).toBe(first.versionId);
  });

  test('a later version that KMS knows hides one that it does not know yet', async () => {
    cloud.emergencyRotate(name, { kmsLagMs: 5000 });
    const latest = cloud.emergencyRotate(name);
    expect(await answeredVersion()).toBe(latest.versionId);
  });

  test('ten emergency rotations in a row leave one good key', async () => {
    const keys = Array.from({ length: 10 }, () => cloud.emergencyRotate(name));
    expect((await Promise.all(keys.map(works))).filter(Boolean)).toHaveLength(1);
  });

  test('describes versions with plain frozen objects', () => {
    const info = cloud.createSecret('other', { nextRotationAt: 4_102_444_800_000, userName: 'bob' });
    expect(info).toEqual({
      secretName: 'other',
      versionId: expect.any(String),
      accessKeyId: expect.any(String),
      accessKeySecret: expect.any(String),
      userName: 'bob',
      secretData: expect.stringContaining(info.accessKeySecret),
      createdAt: expect.any(Number),
      nextRotationAt: 4_102_444_800_000,
    });
    expect(Object.isFrozen(info)).toBe(true);
    expect(cloud.rotate('other', { secretData: '{' }).secretData).toBe('{');
  });

  test('a generic secret has versions, but no AccessKey', () => {
    const info = cloud.createSecret('plain', { type: 'generic', secretData: 'one' });
    expect(Object.keys(info).toSorted()).toEqual(['createdAt', 'secretData', 'secretName', 'versionId']);
    expect(cloud.putSecretValue('plain', 'two')).toMatchObject({ secretData: 'two' });
    expect(() => cloud.rotate('plain')).toThrow(/generic.*putSecretValue/);
    expect(() => cloud.secret('plain')).toThrow(EmulatorError);
    expect(() => cloud.putSecretValue(name, 'x')).toThrow(/rotate\(\)/);
  });

  test('wrong use is told in a sentence', () => {
    expect(() => cloud.rotate('nobody')).toThrow(/no secret 'nobody'. Secrets: .*'plain'/);
    expect(() => cloud.createSecret(name)).toThrow(/exists already/);
    expect(() => cloud.createSecret('')).toThrow(/needs a name/);
    expect(() => cloud.revoke('LTAI5tNobody')).toThrow(/no AccessKey 'LTAI5tNobody'/);
    expect(() => cloud.requests('ram' as 'oss')).toThrow(/dedicatedKms, kms, openapi, oss/);
    expect(() => cloud.fail('ram' as 'oss', 'drop')).toThrow(/Unknown target 'ram'/);
    expect(() => cloud.fail('oss', 'explode' as 'drop')).toThrow(/Not a fault/);
    expect(() => cloud.fail('oss', {} as 'drop')).toThrow(/Not a fault/);
    expect(() => cloud.fail('oss', 'drop', 0)).toThrow(/whole number/);
  });
});
