import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { acsClient } from '../../lib/clients/acs/acs-client.js';
import { ProxyAcsClient, type AcsClientOptions } from '../../lib/clients/acs/proxy-acs-client.js';
import type { ManagedClientContext } from '../../lib/clients/managed-client-definition.js';
import { roaClient } from '../../lib/clients/roa/roa-client.js';
import { ProxyRoaClient } from '../../lib/clients/roa/proxy-roa-client.js';
import { clientFixture, waitOf } from '../support/client-fixture.js';
import { until } from '../support/poll.js';
import { ScriptedService, type ScriptedAnswer } from '../support/scripted-service.js';

let service: ScriptedService;

beforeAll(async () => {
  service = await ScriptedService.start();
});
beforeEach(() => {
  service.requests.length = 0;
  service.answer = ({ version }) => json({ version });
});
afterAll(() => service.stop());

const json = (fields: object, status = 200) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(fields),
});
const refusal = json({ Code: 'InvalidAccessKeyId.NotFound', Message: 'no such key', RequestId: '1' }, 404);

type Client = ProxyAcsClient | ProxyRoaClient;
type Options = Readonly<Record<string, unknown>>;

interface Made {
  readonly client: Client;
  /** Sends one request. */
  readonly call: (options?: Options, headers?: Readonly<Record<string, string>>) => Promise<unknown>;
}

const makeAcs = (options: AcsClientOptions, context: ManagedClientContext): Made => {
  const client = new ProxyAcsClient(options, context);
  return {
    client,
    call: (callOptions, headers) =>
      client.request('DescribeThings', {}, headers ? { ...callOptions, headers } : callOptions),
  };
};
const makeRoa = (options: AcsClientOptions, context: ManagedClientContext): Made => {
  const client = new ProxyRoaClient(options, context);
  return { client, call: (callOptions, headers) => client.get('/things', {}, headers, callOptions) };
};

describe.each([
  ['acs', makeAcs, acsClient],
  ['roa', makeRoa, roaClient],
] as const)('the %s client', (sdk, make, define) => {
  const start = (options: Partial<AcsClientOptions> = {}) => {
    const fixture = clientFixture(sdk);
    const usual = { endpoint: service.url, apiVersion: '2014-05-26' };
    return { ...fixture, fixture, ...make({ ...usual, ...options }, fixture.context) };
  };

  it('is sent again with the newer key, and the calls after that are signed with it at once', async () => {
    const { kms, client, call } = start();
    await call();
    service.answer = ({ version }) => (version === 1 ? refusal : json({ version }));
    kms.version = 2;
    await expect(call()).resolves.toEqual({ version: 2 });
    await call();
    expect(service.versions).toEqual([1, 1, 2, 2]);
    expect(kms.fetches).toBe(2);
    client.close();
  });

  it.each<[string, own: Options, options: Options | undefined, waitMs: number | undefined]>([
    ['the time-out of the call', {}, { timeout: 700 }, 700],
    ['its time-out for the answer, before that for all', {}, { timeout: 700, readTimeout: 300 }, 300],
    ['the time-out of the client', { timeout: 900 }, {}, 900],
    ['the time-out of the client for a call without options', { readTimeout: 400 }, undefined, 400],
    ['the time-out of the call, before that of the client', { timeout: 900 }, { readTimeout: 300 }, 300],
    [
      'the time-out of the client, where the call has one for connecting',
      { timeout: 900 },
      { connectTimeout: 1 },
      900,
    ],
    ['no time-out, whatever the default of the SDK', {}, {}, undefined],
  ])('waits for a key no longer than asked: %s', async (_what, opts, options, waitMs) => {
    const { fixture, client, call } = start({ opts });
    await expect(waitOf(fixture, () => call(options))).resolves.toBe(waitMs);
    client.close();
  });

  it('sends what its options say with every request, and what those of the call say with that one', async () => {
    const { client, call } = start({ opts: { compression: true } });
    await call({}, { 'x-acs-once': 'yes' });
    await call();
    expect(service.requests.map(({ headers }) => headers['x-acs-once'])).toEqual(['yes', undefined]);
    expect(service.requests.map(({ headers }) => headers['accept-encoding'])).toEqual(
      Array(2).fill('gzip,deflate'),
    );
    client.close();
  });

  it('shows the current key to whoever asks its provider', async () => {
    const { kms, secret, client, call } = start();
    expect(() => client.credentialsProvider.getCredentials()).toThrow(/not been fetched/);
    await call();
    expect(client.credentialsProvider.getCredentials()).toBe(secret.current);
    kms.version = 2;
    await secret.refresh('scheduled');
    expect(client.credentialsProvider.getCredentials()).toMatchObject({ versionId: 'v2' });
    client.close();
  });

  it('keeps its connections to itself and closes them; an agent that was passed in is left alone', async () => {
    const passed = new HttpAgent({ keepAlive: true });
    const { client, call } = start();
    const definition = define('app', { endpoint: service.url, apiVersion: '1' });
    await call();
    await call();
    await call({ agent: passed });
    expect(service.connections.size).toBe(2);
    await definition.close?.(client as never);
    await until(() => service.connections.size === 1, "the client's own connection is closed");
    await start().call({ agent: passed });
    expect(service.connections.size).toBe(1);
    passed.destroy();
  });

  it.each([
    ['https', 'https://ecs.aliyuncs.com', HttpsAgent],
    ['http', 'http://ecs.aliyuncs.com', HttpAgent],
  ])('has an agent for %s', (_scheme, endpoint, agentClass) => {
    const { keepAliveAgent } = start({ endpoint }).client;
    expect(keepAliveAgent.constructor).toBe(agentClass);
  });
});

describe('the acs client', () => {
  it('takes further codes for success, and gives the exchange beside the answer when it is verbose', async () => {
    service.answer = () => json({ Code: 'Accepted' });
    const usual = { endpoint: service.url, apiVersion: '2014-05-26' };
    const client = new ProxyAcsClient(
      { ...usual, codes: ['Accepted'], verbose: true },
      clientFixture('acs').context,
    );
    await expect(client.request('CreateThing')).resolves.toEqual([
      { Code: 'Accepted' },
      expect.objectContaining({ response: expect.objectContaining({ statusCode: 200 }) }),
    ]);
    client.close();
    const strict = new ProxyAcsClient(usual, clientFixture('acs').context);
    await expect(strict.request('CreateThing')).rejects.toMatchObject({ code: 'Accepted' });
    strict.close();
  });

  it.each([
    [{}, undefined, 'POST'],
    [{ method: 'get' }, undefined, 'GET'],
    [{ method: 'GET' }, { method: 'post' }, 'POST'],
  ])('of a client with %j, a call with %j is a %s', async (opts, options, method) => {
    const client = new ProxyAcsClient(
      { endpoint: service.url, apiVersion: '2014-05-26', opts },
      clientFixture('acs').context,
    );
    await client.request('DescribeThings', { Name: 'x' }, options);
    const [request] = service.requests;
    expect(request?.method).toBe(method);
    // Whatever is sent as POST keeps its signature out of the URL.
    expect(request?.url.includes('Signature=')).toBe(method === 'GET');
    client.close();
  });
});

describe('the roa client', () => {
  const startRoa = () => {
    const fixture = clientFixture('roa');
    return { ...fixture, ...makeRoa({ endpoint: service.url, apiVersion: '2015-12-15' }, fixture.context) };
  };

  it('sends method, path, query, body and headers as they were given', async () => {
    const client = new ProxyRoaClient(
      { endpoint: service.url, apiVersion: '2015-12-15' },
      clientFixture('roa').context,
    );
    await client.put('/things/1', { page: '2' }, '{"a":1}', { 'content-type': 'application/json' });
    await client.request('PATCH', '/things/2');
    expect(service.requests).toMatchObject([
      {
        method: 'PUT',
        url: '/things/1?page=2',
        body: Buffer.from('{"a":1}'),
        headers: { 'content-type': 'application/json', 'x-acs-version': '2015-12-15' },
      },
      { method: 'PATCH', url: '/things/2', body: Buffer.alloc(0) },
    ]);
    client.close();
  });

  const xml = { 'content-type': 'text/xml' };

  it.each<[string, Options, ScriptedAnswer]>([
    ['a raw body', { rawBody: true }, refusal],
    [
      'XML that it hands out as text',
      {},
      { body: '<Error><Code>InvalidAccessKeyId.NotFound</Code></Error>' },
    ],
    ['XML that it stumbles over', {}, { headers: xml, body: '<Error><Code>Unread</Code></Error>' }],
  ])('understands a refusal that the SDK hides: %s', async (_what, options, hidden) => {
    const { kms, client, call } = startRoa();
    await call();
    service.answer = ({ version }) => (version === 1 ? hidden : json({ version }));
    kms.version = 2;
    await expect(call(options)).resolves.toEqual(options['rawBody'] ? '{"version":2}' : { version: 2 });
    expect(service.versions).toEqual([1, 1, 2]);
    client.close();
  });

  it('gives a refusal that no key cures as the SDK does: as a text', async () => {
    const { client, call, clock } = startRoa();
    service.answer = () => refusal;
    const refused = call({ rawBody: true });
    await until(() => service.requests.length === 1 && clock.pending > 0, 'the search for a newer key');
    await clock.advance(5000);
    await expect(refused).resolves.toBe(refusal.body);
    expect(service.requests).toHaveLength(1);
    client.close();
  });

  it('searches for no newer key because of another error', async () => {
    const { kms, client, call } = startRoa();
    service.answer = () => json({ Code: 'ErrorClusterNotFound' }, 404);
    await expect(call()).rejects.toMatchObject({ name: 'ErrorClusterNotFoundError', statusCode: 404 });
    await expect(call({ rawBody: true })).resolves.toBe('{"Code":"ErrorClusterNotFound"}');
    expect(kms.fetches).toBe(1);
    client.close();
  });
});
