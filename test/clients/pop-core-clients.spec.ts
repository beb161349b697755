import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { acsClient } from '../../lib/clients/acs/acs-client.js';
import { ProxyAcsClient, type AcsClientOptions } from '../../lib/clients/acs/proxy-acs-client.js';
import { getAcsClientToken, getRoaClientToken } from '../../lib/clients/client-token.js';
import type { ManagedClientContext } from '../../lib/clients/managed-client-definition.js';
import { roaClient } from '../../lib/clients/roa/roa-client.js';
import type { ProxyRoaClient } from '../../lib/clients/roa/proxy-roa-client.js';
import { clientFixture, waitOf } from '../support/client-fixture.js';
import { jsonAnswer, KEY_REFUSAL } from '../support/openapi-answers.js';
import { until } from '../support/poll.js';
import { ScriptedService } from '../support/scripted-service.js';

let service: ScriptedService;

beforeAll(async () => {
  service = await ScriptedService.start();
});
beforeEach(() => {
  service.reset();
  service.answer = ({ version }) => jsonAnswer({ version });
});
afterAll(() => service.stop());

type Client = ProxyAcsClient | ProxyRoaClient;
type Options = Readonly<Record<string, unknown>>;

interface Made {
  readonly client: Client;
  /** Sends one request. */
  readonly call: (options?: Options, headers?: Readonly<Record<string, string>>) => Promise<unknown>;
}

const makeAcs = async (options: AcsClientOptions, context: ManagedClientContext): Promise<Made> => {
  const client = await acsClient('app', options).create(context);
  return {
    client,
    call: (callOptions, headers) =>
      client.request('DescribeThings', {}, headers ? { ...callOptions, headers } : callOptions),
  };
};
const makeRoa = async (options: AcsClientOptions, context: ManagedClientContext): Promise<Made> => {
  const client = await roaClient('app', options).create(context);
  return { client, call: (callOptions, headers) => client.get('/things', {}, headers, callOptions) };
};

describe.each([
  ['acs', makeAcs, acsClient, getAcsClientToken],
  ['roa', makeRoa, roaClient, getRoaClientToken],
] as const)('the %s client', (sdk, make, define, tokenOf) => {
  const usual = { endpoint: 'https://ecs.aliyuncs.com', apiVersion: '2014-05-26' };
  const start = async (options: Partial<AcsClientOptions> = {}) => {
    const fixture = clientFixture(sdk);
    return {
      ...fixture,
      fixture,
      ...(await make({ ...usual, endpoint: service.url, ...options }, fixture.context)),
    };
  };

  it.each<[string, object, string]>([
    ['no endpoint', { endpoint: undefined }, '"endpoint" is no URL. Write it with its scheme'],
    ['an endpoint without a scheme', { endpoint: 'ecs.aliyuncs.com' }, '"endpoint" is no URL'],
    ['a scheme alone', { endpoint: 'https://' }, '"endpoint" is no URL'],
    ['a URL after something else', { endpoint: ' https://ecs.aliyuncs.com' }, '"endpoint" is no URL'],
    ['an endpoint that is an object', { endpoint: new URL(usual.endpoint) }, '"endpoint" is no URL'],
    ['no API version', { apiVersion: undefined }, '"apiVersion" is missing. Write the version'],
    ['an empty API version', { apiVersion: '' }, '"apiVersion" is missing'],
  ])('refuses options with %s', async (_what, options, message) => {
    await expect(start(options)).rejects.toMatchObject({
      code: 'InvalidClientOptions',
      secretName: 'app',
      message: expect.stringContaining(`The client of secret "app" cannot be made: ${message}`),
    });
  });

  it('is defined under its token, for its secret and the judgement of its SDK', () => {
    expect(define('app', usual)).toMatchObject({ token: tokenOf('app'), secretName: 'app', sdk });
    expect(define('app', { ...usual, name: 'named' }).token).toBe(tokenOf('app', 'named'));
  });

  it('is sent again with the newer key, and the calls after that are signed with it at once', async () => {
    const { kms, client, call } = await start();
    await call();
    service.answer = ({ version }) => (version === 1 ? KEY_REFUSAL : jsonAnswer({ version }));
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
    const { fixture, client, call } = await start({ opts });
    await expect(waitOf(fixture, () => call(options))).resolves.toBe(waitMs);
    client.close();
  });

  it('sends what its options say with every request, and what those of the call say with that one', async () => {
    const { client, call } = await start({ opts: { compression: true } });
    await call({}, { 'x-acs-once': 'yes' });
    await call();
    expect(service.requests.map(({ headers }) => headers['x-acs-once'])).toEqual(['yes', undefined]);
    expect(service.requests.map(({ headers }) => headers['accept-encoding'])).toEqual(
      Array(2).fill('gzip,deflate'),
    );
    client.close();
  });

  it('shows the current key to whoever asks its provider', async () => {
    const { kms, secret, client, call } = await start();
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
    const { client, call } = await start();
    const definition = define('app', { endpoint: service.url, apiVersion: '1' });
    await call();
    await call();
    await call({ agent: passed });
    expect(service.connections.size).toBe(2);
    await definition.close?.(client as never);
    await until(() => service.connections.size === 1, "the client's own connection is closed");
    await (await start()).call({ agent: passed });
    expect(service.connections.size).toBe(1);
    passed.destroy();
  });

  it.each([
    ['https', 'https://ecs.aliyuncs.com', HttpsAgent],
    ['http', 'http://ecs.aliyuncs.com', HttpAgent],
  ])('has an agent for %s', async (_scheme, endpoint, agentClass) => {
    const { client } = await start({ endpoint });
    expect(client.keepAliveAgent.constructor).toBe(agentClass);
  });
});

describe('the acs client', () => {
  it('takes further codes for success, and gives the exchange beside the answer when it is verbose', async () => {
    service.answer = () => jsonAnswer({ Code: 'Accepted' });
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
