import type { EventEmitter } from 'node:events';
import { Agent } from 'node:http';
import { Readable } from 'node:stream';

import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import OSS from 'ali-oss';

import { getOssClusterClientToken, getOssImageClientToken } from '../../../lib/clients/client-token.js';
import { ossClusterClient, ossImageClient } from '../../../lib/clients/oss/oss-client.js';
import type { OssClusterClientOptions } from '../../../lib/clients/oss/proxy-oss-cluster-client.js';
import { clientFixture } from '../../support/client-fixture.js';
import { acceptOnly, OSS_ANSWER, statusOf } from '../../support/oss-fixture.js';
import { until } from '../../support/poll.js';
import { ScriptedService } from '../../support/scripted-service.js';

let service: ScriptedService;

beforeAll(async () => {
  service = await ScriptedService.start();
});
beforeEach(() => {
  service.reset();
  service.answer = () => OSS_ANSWER;
});
afterAll(() => service.stop());

const region = 'oss-cn-hangzhou';
const chunks = () => Readable.from([Buffer.from('01234'), Buffer.from('56789')]);

describe('a cluster client', () => {
  const start = async (options: Partial<OssClusterClientOptions> = {}) => {
    const fixture = clientFixture('oss');
    const cluster = ['one', 'other'].map((bucket) => ({ endpoint: service.url, region, bucket }));
    const usual = { cluster, ignoreStatusFile: true };
    const client = await ossClusterClient('app', { ...usual, ...options }).create(fixture.context);
    await new Promise<void>((resolve) => {
      client.ready(resolve);
    });
    return { ...fixture, client, node: cluster[0] };
  };

  it('asks its nodes whether they are there with the managed key alone', async () => {
    const { client, kms } = await start();
    expect(service.requests.map(({ method }) => method)).toEqual(['HEAD', 'HEAD']);
    expect(service.versions).toEqual([1, 1]);
    service.answer = acceptOnly(2);
    kms.version = 2;
    await expect(client.get('kept.txt')).resolves.toMatchObject({ content: Buffer.from('kept') });
    client.close();
  });

  it('ends its heartbeat and closes its connections', async () => {
    const { client, cache } = await start({ heartbeatInterval: 10 });
    await until(() => service.requests.length > 4, 'a second heartbeat');
    const asked = jest.spyOn(client.clients[0] ?? client, 'head');
    cache.close();
    await ossClusterClient('app', { cluster: [] }).close?.(client);
    await until(() => service.connections.size === 0, 'its connections are closed');
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
    // The one that was under way asks three times.
    expect(asked.mock.calls.length).toBeLessThanOrEqual(3);
  });

  /** What a client with one node says of it as soon as it is made. */
  const startUnready = async (options: Partial<OssClusterClientOptions>, kmsFailure?: Error) => {
    const fixture = clientFixture('oss');
    fixture.kms.failure = kmsFailure;
    const cluster = [{ endpoint: service.url, region, bucket: 'one' }];
    const client = await ossClusterClient('app', { cluster, ...options }).create(fixture.context);
    const said: unknown[] = [];
    (client as unknown as EventEmitter).on('error', (error) => said.push(error));
    return { ...fixture, client, said };
  };

  it.each([
    ['a check that is under way', { ignoreStatusFile: true }],
    ['a status file that is being written', {}],
  ])('says nothing of nodes that are down because it has been closed: %s', async (_what, options) => {
    const { cache, client, said } = await startUnready(options);
    cache.close();
    client.close();
    await new Promise(setImmediate);
    expect(said).toEqual([]);
  });

  it('says that nodes are down, and that there is no key to ask them with', async () => {
    service.answer = () => ({ status: 500 });
    const { client, said } = await startUnready({ ignoreStatusFile: true });
    await until(() => said.length > 0, 'an error');
    expect(said).toEqual([expect.objectContaining({ name: 'CheckAvailableError' })]);
    client.close();
    const failure = new Error('KMS is down');
    const keyless = await startUnready({}, failure);
    await until(() => keyless.said.length > 0, 'an error');
    expect(keyless.said).toEqual([failure]);
    keyless.client.close();
  });

  it.each<[string, object, object, number]>([
    ['that of the SDK', {}, {}, 60_000],
    ['that of the cluster', { timeout: '20s' }, {}, 20_000],
    [
      'that of the cluster, where that of the node is not known',
      { timeout: 20_000 },
      { timeout: undefined },
      20_000,
    ],
    ['that of the node, before that of the cluster', { timeout: 20_000 }, { timeout: 10_000 }, 10_000],
  ])('has a time-out for each node: %s', async (_what, options, node, timeoutMs) => {
    const cluster = [{ endpoint: service.url, region, bucket: 'one', ...node }];
    const { client } = await start({ ...options, cluster });
    expect(client.clients.map((one) => one.options.timeout)).toEqual([timeoutMs]);
    client.close();
  });

  it('sends the requests of nodes without an agent through that of the cluster, and leaves it open', async () => {
    const [agent, ownAgent] = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
    const nodes = [{ bucket: 'one' }, { bucket: 'other', agent: ownAgent }];
    const cluster = nodes.map((node) => ({ endpoint: service.url, region, ...node }));
    const { client } = await start({ agent, cluster });
    await client.put('ten.txt', Buffer.from('0123456789'));
    const kept = () => [agent, ownAgent].map(({ freeSockets }) => Object.values(freeSockets).flat().length);
    await until(() => kept().join() === '1,1', 'each agent keeps a connection');
    client.close();
    await new Promise(setImmediate);
    expect(kept()).toEqual([1, 1]);
    agent.destroy();
    ownAgent.destroy();
  });

  it('does not keep a process alive by its heartbeat', async () => {
    const { client } = await start();
    expect(client._timerId.hasRef()).toBe(false);
    client.close();
  });

  it('sends a stream again that its only node gets', async () => {
    const { client, kms } = await start({ cluster: [{ endpoint: service.url, region, bucket: 'one' }] });
    kms.version = 2;
    service.answer = acceptOnly(2);
    await expect(client.put('ten.txt', chunks())).resolves.toBeDefined();
    expect(service.requests.slice(1).map(({ body }) => body.toString())).toEqual([
      '0123456789',
      '0123456789',
    ]);
    client.close();
  });

  it('gives each of several nodes a whole stream, and sends it to none again', async () => {
    const { client, kms } = await start();
    service.requests.length = 0;
    await client.put('ten.txt', chunks());
    expect(service.requests.map(({ body }) => body.toString())).toEqual(['0123456789', '0123456789']);
    kms.version = 2;
    service.answer = acceptOnly(2);
    await expect(statusOf(client.put('ten.txt', chunks()))).resolves.toBe(403);
    await until(() => service.requests.length === 4, 'the other refusal');
    expect(service.versions).toEqual([1, 1, 1, 1]);
    client.close();
  });

  it('leaves the agents of the SDK alone', async () => {
    const { agent } = new OSS({ accessKeyId: 'x', accessKeySecret: 'x' }) as unknown as {
      agent: { readonly maxSockets: number };
    };
    const { maxSockets } = agent;
    const { client } = await start({
      cluster: [{ endpoint: service.url, region, bucket: 'one', maxSockets: 7 }],
    });
    expect(agent.maxSockets).toBe(maxSockets);
    client.close();
  });

  it('is defined under its token, for its secret and the judgement of its SDK', () => {
    const parts = { token: getOssClusterClientToken('app', 'one'), secretName: 'app', sdk: 'oss' };
    expect(ossClusterClient('app', { cluster: [], name: 'one' })).toMatchObject(parts);
  });
});

describe('an image client', () => {
  const imageHost = 'http://img.example.com';

  it('reads from the image host with the managed key, and closes its connections', async () => {
    const fixture = clientFixture('oss');
    const options = { imageHost: service.url, region, bucket: 'photos' };
    const client = await ossImageClient('app', options).create(fixture.context);
    await client.get('cat.png@100w');
    fixture.kms.version = 2;
    service.answer = acceptOnly(2);
    await expect(client.get('cat.png@100w')).resolves.toMatchObject({ content: Buffer.from('kept') });
    expect(service.versions).toEqual([1, 1, 2]);
    expect(service.connections.size).toBe(1);
    await ossImageClient('app', options).close?.(client);
    await until(() => service.connections.size === 0, 'its connections are closed');
  });

  it('is defined under its token, for its secret and the judgement of its SDK', () => {
    const parts = { token: getOssImageClientToken('app', 'one'), secretName: 'app', sdk: 'oss' };
    expect(ossImageClient('app', { imageHost, bucket: 'photos', name: 'one' })).toMatchObject(parts);
  });
});
