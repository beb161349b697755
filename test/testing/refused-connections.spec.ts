import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator, EmulatorTarget } from '../../lib/testing/index.js';
import { kmsClient } from './support/acs-clients.js';
import { failureOf } from './support/failure-of.js';
import { startCloud } from './support/start-cloud.js';

describe('a service that refuses connections', () => {
  let cloud: AlibabaCloudEmulator;
  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'] });
  });
  afterAll(() => cloud.stop());
  afterEach(() => cloud.clearFaults());

  const ask = (): Promise<unknown> =>
    kmsClient(cloud, cloud.kmsIdentity).request('GetSecretValue', { SecretName: 'one' });

  test('is back on the same port once the fault is cleared, as often as one likes', async () => {
    for (let round = 0; round < 20; round += 1) {
      cloud.fail('kms', 'refuse');
      expect((await failureOf(ask())).code).toBe('ECONNREFUSED');
      cloud.clearFaults('kms');
      expect(await ask()).toHaveProperty('SecretData');
    }
  });

  test('cuts the connections that are there', async () => {
    const client = kmsClient(cloud, cloud.kmsIdentity);
    const call = (): Promise<unknown> => client.request('GetSecretValue', { SecretName: 'one' });
    await call();
    cloud.fail('kms', { delayMs: 60_000 });
    const inFlight = failureOf(call());
    cloud.clearRequests();
    while (!cloud.requests('kms').some(({ fault }) => fault === 'delay')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { remaining } = cloud.fail('kms', 'refuse');
    expect(remaining).toBe(Infinity);
    expect(['ECONNRESET', 'EPIPE']).toContain((await inFlight).code);
    expect((await failureOf(call())).code).toBe('ECONNREFUSED');
    expect(cloud.requests('kms')).toHaveLength(1);
  });

  test('stays shut as long as one refusal lasts', async () => {
    const [first, second] = [cloud.fail('kms', 'refuse'), cloud.fail('kms', { type: 'refuse' }, Infinity)];
    first.clear();
    first.clear();
    expect([first.remaining, second.remaining]).toEqual([0, Infinity]);
    expect((await failureOf(ask())).code).toBe('ECONNREFUSED');
    cloud.clearFaults('oss');
    expect((await failureOf(ask())).code).toBe('ECONNREFUSED');
    second.clear();
    expect(await ask()).toHaveProperty('SecretData');
  });

  test('may be shut and opened within one turn of the event loop', async () => {
    for (let turn = 0; turn < 5; turn += 1) {
      cloud.fail('kms', 'refuse');
      cloud.clearFaults();
    }
    expect(await ask()).toHaveProperty('SecretData');
    cloud.fail('kms', 'refuse');
    cloud.clearFaults();
    cloud.fail('kms', 'refuse');
    await new Promise((resolve) => setImmediate(resolve));
    expect((await failureOf(ask())).code).toBe('ECONNREFUSED');
  });

  test('refuses for no number of times', () => {
    expect(() => cloud.fail('kms', 'refuse', 3)).toThrow(/lasts until it is cleared/);
  });

  test.each<EmulatorTarget>(['dedicatedKms', 'openapi', 'oss'])('may be %s', async (target) => {
    cloud.fail(target, 'refuse');
    await expect(fetch(cloud.endpoints[target])).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect(await ask()).toHaveProperty('SecretData');
  });

  test('can be stopped', async () => {
    const other = await startCloud();
    other.fail('kms', 'refuse');
    other.fail('oss', 'refuse');
    other.clearFaults('oss');
    await other.stop();
    other.clearFaults();
    other.fail('kms', 'refuse');
    await new Promise((resolve) => setImmediate(resolve));
    for (const url of [other.endpoints.oss, other.endpoints.kms]) {
      await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    }
  });
});
