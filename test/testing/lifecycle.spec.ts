import { existsSync, readFileSync, statSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { dirname, isAbsolute } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import { acsClient } from './support/acs-clients.js';
import { failureOf } from './support/failure-of.js';
import { startCloud } from './support/start-cloud.js';

interface DedicatedItem {
  readonly regionId: string;
  readonly endpoint: string;
  readonly clientKeyFile: string;
  readonly passwordFromFilePath: string;
  readonly caFilePath: string;
}

const itemOf = (cloud: AlibabaCloudEmulator): DedicatedItem => {
  const items = JSON.parse(cloud.env['cache_client_dkms_config_info'] ?? '[]') as DedicatedItem[];
  if (!items[0] || items.length !== 1) throw new Error('one item expected');
  return items[0];
};

/** Containers often have no IPv6, not even on loopback. */
const hasIpv6 = Object.values(networkInterfaces()).some((ones) =>
  ones?.some(({ address }) => address === '::1'),
);

/** The status of whatever a server answers, whose certificate is verified. */
function statusOf(url: string, ca: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const onAnswer = (answer: IncomingMessage) => {
      answer.resume();
      resolve(answer.statusCode);
    };
    const request = url.startsWith('https:')
      ? getSecurely(url, { ca, agent: false }, onAnswer)
      : get(url, { agent: false }, onAnswer);
    request.once('error', reject);
  });
}

describe('the emulator', () => {
  test('tells an app in its environment where everything is', async () => {
    const cloud = await startCloud({ regionId: 'cn-beijing' });
    const item = itemOf(cloud);
    expect(item.regionId).toBe('cn-beijing');
    expect(`https://${item.endpoint}`).toBe(cloud.endpoints.dedicatedKms);
    expect(item.endpoint).toMatch(/^localhost:\d+$/);
    expect([item.clientKeyFile, item.passwordFromFilePath, item.caFilePath].every(isAbsolute)).toBe(true);
    expect(readFileSync(item.clientKeyFile, 'utf8')).toBe(cloud.clientKey.json);
    expect(readFileSync(item.passwordFromFilePath, 'utf8')).toBe(cloud.clientKey.password);
    expect(readFileSync(item.caFilePath, 'utf8')).toBe(cloud.certificates.ca);
    expect(statSync(dirname(item.clientKeyFile)).mode & 0o777).toBe(0o700);
    await cloud.stop();
  });

  test.each(['127.0.0.1', 'localhost', '127.0.0.2', '0.0.0.0', ...(hasIpv6 ? ['::1', '::'] : [])])(
    'is reached by its URLs, with certificates that fit, when it listens on %s',
    async (host) => {
      const cloud = await startCloud({ host });
      const statuses = Object.values(cloud.endpoints).map((url) => statusOf(url, cloud.certificates.ca));
      for (const status of await Promise.all(statuses)) expect(status).toBeGreaterThanOrEqual(200);
      await cloud.stop();
    },
  );

  test('removes its files when it stops, which may be asked for twice', async () => {
    const cloud = await startCloud();
    const directory = dirname(itemOf(cloud).clientKeyFile);
    await Promise.all([cloud.stop(), cloud.stop()]);
    await cloud.stop();
    expect(existsSync(directory)).toBe(false);
  });

  test('removes its files at the end of the process when nobody stops it', async () => {
    const before = process.listeners('exit');
    const cloud = await startCloud();
    const directory = dirname(itemOf(cloud).clientKeyFile);
    const atExit = process.listeners('exit').find((listener) => !before.includes(listener));
    atExit?.call(process, 0);
    expect(existsSync(directory)).toBe(false);
    await cloud.stop();
    expect(process.listeners('exit')).toEqual(before);
  });

  test('leaves nothing open: idle, half-open, hung and delayed connections end with it', async () => {
    const cloud = await startCloud({ secrets: ['one'] });
    const port = Number(new URL(cloud.endpoints.dedicatedKms).port);
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const socketClosed = new Promise((resolve) => socket.once('close', resolve));
    const idle = new Agent({ keepAlive: true });
    await new Promise<void>((resolve) => {
      get(cloud.endpoints.oss, { agent: idle }, (response) => response.resume().once('end', resolve));
    });
    const client = acsClient(cloud, cloud.secret('one'));
    cloud.fail('openapi', { type: 'hang' });
    cloud.fail('openapi', { delayMs: 60_000 });
    const calls = [1, 2].map(() => failureOf(client.request('A', {}, { timeout: 60_000, method: 'POST' })));
    while (cloud.requests('openapi').filter(({ fault }) => fault).length < 2) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const stopped = performance.now();
    await cloud.stop();
    await Promise.all([...calls, socketClosed]);
    expect(performance.now() - stopped).toBeLessThan(2000);
    expect((await failureOf(client.request('A', {}, { method: 'POST' }))).code).toBe('ECONNREFUSED');
    idle.destroy();
  });

  test('shares nothing with another one in the same process', async () => {
    const [one, other] = await Promise.all([
      startCloud({ secrets: ['same'] }),
      startCloud({ secrets: ['same'] }),
    ]);
    const call = acsClient(other, one.secret('same')).request('A', {}, { method: 'POST' });
    expect((await failureOf(call)).code).toBe('InvalidAccessKeyId.NotFound');
    expect([one.requests(), other.requests()].map(({ length }) => length)).toEqual([0, 1]);
    await one.stop();
    expect(await acsClient(other, other.secret('same')).request('A', {})).toHaveProperty('RequestId');
    await other.stop();
  });

  test('cleans up after a start that failed', async () => {
    const before = process.listeners('exit');
    const failed = startCloud({ host: '192.0.2.1' });
    await expect(failed).rejects.toThrow(/EADDRNOTAVAIL|EACCES/);
    await expect(startCloud({ secrets: ['twice', 'twice'] })).rejects.toThrow(/exists already/);
    await expect(startCloud({ requestLogLimit: 0 })).rejects.toThrow(/requestLogLimit/);
    expect(process.listeners('exit')).toEqual(before);
  });
});
