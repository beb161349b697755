import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import OSS from 'ali-oss';

import { getOssClientToken } from '../../../lib/clients/client-token.js';
import { ossClient } from '../../../lib/clients/oss/oss-client.js';
import type { OssClientOptions } from '../../../lib/clients/oss/proxy-oss-client.js';
import { waitOf } from '../../support/client-fixture.js';
import { vectorKeyFile } from '../../support/dkms-vectors.js';
import { acceptOnly, DENIED, OSS_ANSWER, startOssClient, statusOf } from '../../support/oss-fixture.js';
import { until } from '../../support/poll.js';
import { certificateFor, startTlsServer } from '../../support/tls-server.js';
import { ScriptedService, type ScriptedAnswer } from '../../support/scripted-service.js';

let service: ScriptedService;

beforeAll(async () => {
  service = await ScriptedService.start();
});
beforeEach(() => {
  service.reset();
  service.answer = () => OSS_ANSWER;
});
afterAll(() => service.stop());

describe('an OSS client', () => {
  it.each<[string, OssClientOptions]>([
    ['version 1', {}],
    ['version 4', { authorizationV4: true, region: 'cn-hangzhou' }],
  ])(
    'is sent again with the newer key, and the calls after that at once, signed by %s',
    async (_name, options) => {
      const { kms, oss } = await startOssClient(service, options);
      await oss.get('kept.txt');
      service.answer = acceptOnly(2);
      kms.version = 2;
      await expect(oss.get('kept.txt')).resolves.toMatchObject({ content: Buffer.from('kept') });
      await oss.get('kept.txt');
      expect(service.versions).toEqual([1, 1, 2, 2]);
      expect(kms.fetches).toBe(2);
      oss.close();
    },
  );

  it.each<[string, own: OssClientOptions, options: object, waitMs: number | undefined]>([
    ['the time-out of the call', {}, { timeout: 700 }, 700],
    ['the time-out of the call, before that of the client', { timeout: 900 }, { timeout: 700 }, 700],
    ['the time-out of the client', { timeout: 900 }, {}, 900],
    ['the time-out of the client as a text', { timeout: '30s' }, {}, 30_000],
    [
      'the time-out of the client, where that of the call is a text',
      { timeout: 900 },
      { timeout: '1s' },
      900,
    ],
    ['no time-out, whatever the default of the SDK', {}, {}, undefined],
  ])('waits for a key no longer than asked: %s', async (_what, own, options, waitMs) => {
    const { fixture, oss } = await startOssClient(service, own);
    await expect(waitOf(fixture, () => oss.head('kept.txt', options))).resolves.toBe(waitMs);
    oss.close();
  });

  it.each<[OssClientOptions, number]>([
    [{}, 60_000],
    [{ timeout: undefined }, 60_000],
    [{ timeout: '20s' }, 20_000],
  ])('with the options %p has a time-out of %d ms', async (options, timeoutMs) => {
    const { oss } = await startOssClient(service, options);
    expect(oss.options.timeout).toBe(timeoutMs);
    oss.close();
  });

  it.each([
    ['stsToken', { stsToken: 'planted-token' }],
    ['stsToken, refreshSTSToken', { stsToken: 'planted-token', refreshSTSToken: () => undefined }],
  ])('is not made with a session of its own: %s', async (given, session) => {
    const failure: unknown = await startOssClient(service, session as object).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      code: 'InvalidClientOptions',
      message: expect.stringContaining(`(${given})`),
    });
    expect(inspect(failure)).not.toContain('planted');
  });

  it('has the current key in its options, for what the SDK signs by itself, yet does not show it', async () => {
    const { kms, secret, oss } = await startOssClient(service);
    expect(() => oss.options.accessKeyId).toThrow(/not been fetched/);
    await secret.get();
    const { options } = oss;
    expect([options.accessKeyId, options.accessKeySecret]).toEqual([
      'LTAI5tTestTestTest0001',
      'secret-of-version-1',
    ]);
    kms.version = 2;
    await secret.refresh('scheduled');
    expect([options.accessKeyId, options.accessKeySecret]).toEqual([
      'LTAI5tTestTestTest0002',
      'secret-of-version-2',
    ]);
    const shown = [inspect(options), JSON.stringify(options), inspect({ ...options })];
    expect(shown.join()).not.toMatch(/secret-of-version|LTAI5t/);
    oss.close();
  });

  it('has no more connections than its options say, and leaves those of the SDK alone', async () => {
    const { agent: common } = new OSS({ accessKeyId: 'x', accessKeySecret: 'x' }) as unknown as {
      agent: Agent;
    };
    const { maxSockets } = common;
    const { oss } = await startOssClient(service, { maxSockets: 2 });
    await Promise.all(Array.from({ length: 6 }, () => oss.get('kept.txt')));
    expect(service.connections.size).toBe(2);
    expect(common.maxSockets).toBe(maxSockets);
    oss.close();
    await until(() => service.connections.size === 0, 'its connections are closed');
  });

  it('uses an agent that is passed in, and leaves it alone', async () => {
    const agent = new Agent({ keepAlive: true });
    const { oss } = await startOssClient(service, { agent });
    const own = (await startOssClient(service)).oss;
    await oss.get('kept.txt');
    await own.get('kept.txt');
    expect(service.connections.size).toBe(2);
    const definition = ossClient('app', {});
    await definition.close?.(oss);
    await definition.close?.(own);
    await until(() => service.connections.size === 1, 'its own connections are closed');
    await oss.get('kept.txt');
    expect(service.connections.size).toBe(1);
    agent.destroy();
  });

  it('uses the agent for TLS that is passed in, and closes its own', async () => {
    const secured = await startTlsServer(
      (_request, response) => response.end('kept'),
      certificateFor('localhost'),
    );
    const httpsAgent = new HttpsAgent({ ca: vectorKeyFile('ca.crt.pem'), keepAlive: true });
    const options = { endpoint: `https://localhost:${secured.port}`, sldEnable: true };
    const { oss } = await startOssClient(service, { ...options, httpsAgent });
    await expect(oss.get('kept.txt')).resolves.toMatchObject({ content: Buffer.from('kept') });
    oss.close();
    expect(Object.keys(httpsAgent.freeSockets)).toHaveLength(1);
    httpsAgent.destroy();
    secured.stop();
  });

  it('is defined under its token, for its secret and the judgement of its SDK', () => {
    const parts = { secretName: 'app', sdk: 'oss' };
    expect(ossClient('app', {})).toMatchObject({ token: getOssClientToken('app'), ...parts });
    expect(ossClient('app', { name: 'one' })).toMatchObject({
      token: getOssClientToken('app', 'one'),
      ...parts,
    });
  });
});

/** Its types lack it. */
const putBucketVersioning = (oss: object): Promise<unknown> => {
  const method = Reflect.get(oss, 'putBucketVersioning') as (...args: unknown[]) => Promise<unknown>;
  return Reflect.apply(method, oss, ['photos', 'Enabled']);
};

describe('an answer that ali-oss takes for a success although it is none', () => {
  it('is thrown as the error that ali-oss makes of it', async () => {
    const { kms, judged, oss } = await startOssClient(service);
    const enable = async () => putBucketVersioning(oss);
    await expect(enable()).resolves.toMatchObject({ status: 200 });
    expect(judged).toEqual([]);
    service.answer = () => ({ status: 400, body: '<Error><Code>InvalidArgument</Code></Error>' });
    await expect(enable()).rejects.toMatchObject({
      name: 'InvalidArgumentError',
      code: 'InvalidArgument',
      status: 400,
    });
    expect(kms.fetches).toBe(1);
    oss.close();
  });

  it('is sent again when it says that the key has expired', async () => {
    const { kms, oss } = await startOssClient(service);
    await oss.get('kept.txt');
    service.answer = acceptOnly(2);
    kms.version = 2;
    await expect(putBucketVersioning(oss)).resolves.toMatchObject({ status: 200 });
    expect(service.versions).toEqual([1, 1, 2]);
    oss.close();
  });
});

describe('a refusal whose code ali-oss cannot read', () => {
  it.each<[string, ScriptedAnswer, newest: number, status: number, versions: number[], fetches: number]>([
    ['costs a look at KMS, and no second sending, with the newest key', { status: 403 }, 1, 403, [1, 1], 2],
    ['is sent again when KMS has a newer key', { status: 403 }, 2, 200, [1, 1, 2], 2],
    ['costs nothing when it is no 403', { status: 400 }, 2, 400, [1, 1], 1],
    ['costs nothing when it has another code', DENIED, 2, 403, [1, 1], 1],
  ])('%s', async (_what, refusal, newest, status, versions, fetches) => {
    const { clock, kms, oss } = await startOssClient(service);
    await oss.get('kept.txt');
    kms.version = newest;
    service.answer = ({ version }) => (version === 1 ? refusal : OSS_ANSWER);
    await expect(statusOf(oss.get('kept.txt'))).resolves.toBe(status);
    expect(service.versions).toEqual(versions);
    expect(kms.fetches).toBe(fetches);
    expect(clock.monotonic()).toBe(0);
    oss.close();
  });
});
