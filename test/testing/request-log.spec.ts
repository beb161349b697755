import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { getSecretValueRequest, sendRaw } from './support/dkms-caller.js';
import { acsClient, kmsClient } from './support/acs-clients.js';
import { failureOf } from './support/failure-of.js';
import { ossClient } from './support/oss-client.js';
import { startCloud } from './support/start-cloud.js';

describe('the request log', () => {
  let cloud: AlibabaCloudEmulator;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'], requestLogLimit: 50 });
  });
  afterAll(() => cloud.stop());

  test('holds what every target was asked, but no signature, secret, query or body', async () => {
    const key = cloud.secret('one');
    const signed = getSecretValueRequest(cloud, { secretName: 'one' });
    await sendRaw(cloud, signed);
    await kmsClient(cloud, cloud.kmsIdentity).request('GetSecretValue', { SecretName: 'one' });
    await acsClient(cloud, key).request('CreateThing', { Note: 'private note' }, { method: 'GET' });
    await ossClient(cloud, key).put('cat', Buffer.from('private body'), { meta: { uid: 1, pid: 2 } });
    await failureOf(
      ossClient(cloud, { ...key, accessKeySecret: 'x' }).put('cat', Buffer.from('private body')),
    );

    const requests = cloud.requests();
    expect(requests.map(({ target, action, status }) => [target, action, status])).toEqual([
      ['dedicatedKms', 'GetSecretValue', 200],
      ['kms', 'GetSecretValue', 200],
      ['openapi', 'CreateThing', 200],
      ['oss', 'PutObject', 200],
      ['oss', 'PutObject', 403],
    ]);
    const text = JSON.stringify(requests);
    const [, signature = ''] = signed.headers['authorization']?.split(' ') ?? [];
    for (const secret of [
      signature,
      key.accessKeySecret,
      cloud.kmsIdentity.accessKeySecret,
      'private',
      'Signature=',
    ]) {
      expect(text).not.toContain(secret);
    }
    expect(cloud.requests('oss')).toEqual(requests.slice(3));
    expect(Object.isFrozen(requests[0])).toBe(true);
    cloud.clearRequests();
    expect(cloud.requests()).toEqual([]);
  });

  test('keeps the last requests only', async () => {
    const client = acsClient(cloud, cloud.secret('one'));
    for (let call = 0; call < 130; call += 1) await client.request(`A${call}`, {}, {});
    const actions = cloud.requests('openapi').map(({ action }) => action);
    expect(actions).toHaveLength(50);
    expect([actions[0], actions.at(-1)]).toEqual(['A80', 'A129']);
  });

  test('tells when a request came, by the clock of the emulator', async () => {
    const early = await startCloud({ secrets: ['one'], now: () => Date.now() - 60_000 });
    await acsClient(early, early.secret('one')).request('A', {}, {});
    expect(Date.now() - (early.requests()[0]?.at ?? 0)).toBeGreaterThanOrEqual(60_000);
    await early.stop();
  });
});
