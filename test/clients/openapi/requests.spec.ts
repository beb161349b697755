import { Readable } from 'node:stream';

import core from '@alicloud/openapi-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';

import type { OpenApiClientOptions } from '../../../lib/clients/openapi/open-api-client.js';
import type { OpenApiCredential } from '../../../lib/clients/openapi/pinned-credential.js';
import { waitOf } from '../../support/client-fixture.js';
import { startOpenApiClient } from '../../support/open-api-fixture.js';
import { jsonAnswer, KEY_REFUSAL } from '../../support/openapi-answers.js';
import { ScriptedService } from '../../support/scripted-service.js';

const { default: Client, $OpenApiUtil } = core;
const { Config, OpenApiRequest, Params } = $OpenApiUtil;
type Client = InstanceType<typeof Client>;
type Config = InstanceType<typeof Config>;

let service: ScriptedService;

beforeAll(async () => {
  service = await ScriptedService.start();
});
beforeEach(() => {
  service.requests.length = 0;
  service.answer = ({ version }) => jsonAnswer({ version });
});
afterAll(() => service.stop());

const acceptOnly = (accepted: number) => {
  service.answer = ({ version }) => (version === accepted ? jsonAnswer({ version }) : KEY_REFUSAL);
};

const PARAMS = new Params({
  action: 'CreateThing',
  version: '2014-05-26',
  protocol: 'HTTP',
  pathname: '/things',
  method: 'POST',
  authType: 'AK',
  style: 'RPC',
  reqBodyType: 'json',
  bodyType: 'json',
});

const startCore = async (options: OpenApiClientOptions<Config> = {}) => {
  const started = await startOpenApiClient<Client, Config>(core, {
    endpoint: service.authority,
    protocol: 'http',
    ...options,
  });
  const call = async (request: object = {}, runtime: object = {}): Promise<unknown> => {
    const answer = await started.client.callApi(PARAMS, new OpenApiRequest(request), runtime as never);
    return answer['body'];
  };
  return { ...started, call };
};

describe('a V2 client', () => {
  it('is sent again with the newer key, and the calls after that are signed with it at once', async () => {
    const { kms, call } = await startCore();
    await call();
    acceptOnly(2);
    kms.version = 2;
    await expect(call()).resolves.toEqual({ version: 2 });
    await call();
    expect(service.versions).toEqual([1, 1, 2, 2]);
    expect(kms.fetches).toBe(2);
  });

  it('is sent three times at most, although its methods call one another', async () => {
    const { kms, call } = await startCore();
    service.answer = ({ version = 0 }) => {
      kms.version = version + 1;
      return KEY_REFUSAL;
    };
    await expect(call()).rejects.toMatchObject({ code: 'InvalidAccessKeyId.NotFound', statusCode: 404 });
    expect(service.versions).toEqual([1, 2, 3]);
  });

  it.each<[string, own: object, runtime: object, waitMs: number | undefined]>([
    ['the time-out of the call', {}, { readTimeout: 700 }, 700],
    ['the time-out of the client', { readTimeout: 900 }, {}, 900],
    ['the time-out of the call, before that of the client', { readTimeout: 900 }, { readTimeout: 300 }, 300],
    [
      'the time-out of the client, where that of the call is 0',
      { readTimeout: 900 },
      { readTimeout: 0 },
      900,
    ],
    ['no time-out', {}, {}, undefined],
  ])('waits for a key no longer than asked: %s', async (_what, own, runtime, waitMs) => {
    const { fixture, call } = await startCore(own);
    await expect(waitOf(fixture, () => call({}, runtime))).resolves.toBe(waitMs);
  });

  it('gives the current key to what it does without a request', async () => {
    const { kms, secret, client } = await startCore();
    const pair = async () => [await client.getAccessKeyId(), await client.getAccessKeySecret()];
    const credential = Reflect.get(client, '_credential') as OpenApiCredential;
    await expect(pair()).resolves.toEqual(['LTAI5tTestTestTest0001', 'secret-of-version-1']);
    await expect(client.getSecurityToken()).resolves.toBe('');
    await expect(client.getBearerToken()).resolves.toBe('');
    await expect(client.getType()).resolves.toBe('access_key');
    kms.version = 2;
    await secret.refresh('scheduled');
    await expect(pair()).resolves.toEqual(['LTAI5tTestTestTest0002', 'secret-of-version-2']);
    await expect(credential.getCredential()).resolves.toMatchObject({
      accessKeyId: 'LTAI5tTestTestTest0002',
      accessKeySecret: 'secret-of-version-2',
      type: 'access_key',
    });
  });

  it('sends headers that were set for one request with both sendings of it, and those set meanwhile with the next', async () => {
    const { kms, client, call } = await startCore();
    await call();
    client.setRpcHeaders({ 'x-acs-once': 'first' });
    kms.version = 2;
    service.answer = ({ version }) => {
      if (version === 2) return jsonAnswer({});
      client.setRpcHeaders({ 'x-acs-once': 'second' });
      return KEY_REFUSAL;
    };
    await call();
    await call();
    await call();
    expect(service.requests.map(({ headers }) => headers['x-acs-once'])).toEqual([
      undefined,
      'first',
      'first',
      'second',
      undefined,
    ]);
  });

  it('can be spied on, and does not show what was replaced', async () => {
    const { client, call } = await startCore();
    const own = new Client(new Config({ endpoint: 'x' }));
    expect(Object.keys(client)).toEqual(expect.arrayContaining(Object.keys(own)));
    expect(Object.keys(client)).not.toContain('doRequest');
    const spy = jest.spyOn(client, 'doRequest');
    await call();
    expect(spy).toHaveBeenCalledTimes(1);
    spy.mockRestore();
    await expect(call()).resolves.toEqual({ version: 1 });
    // As instrumentations do.
    const wrapper = {
      value: async () => ({ body: 'wrapped' }),
      configurable: true,
      enumerable: true,
      writable: true,
    };
    Object.defineProperty(client, 'doRequest', wrapper);
    await expect(call()).resolves.toBe('wrapped');
  });
});

describe('a request with a stream', () => {
  const stream = () => Readable.from([Buffer.from('01234'), Buffer.from('56789')]);

  it.each([
    ['as much as was read of it is kept', { replayBufferBytes: 10 }],
    ['nothing is said about how much is kept', {}],
  ])('is sent again whole when %s', async (_what, options) => {
    const { kms, call } = await startCore(options);
    await call();
    kms.version = 2;
    acceptOnly(2);
    const request = { stream: stream(), query: { Name: 'x' } };
    await expect(call(request)).resolves.toEqual({ version: 2 });
    const again = service.requests.slice(1).map(({ url, body }) => [url, body.toString()]);
    const sent = ['/things?Name=x', '0123456789'];
    expect(again).toEqual([sent, sent]);
  });

  it.each([9, 0])(
    'is not sent again when no more than %d bytes are kept; the next one has the new key',
    async (replayBufferBytes) => {
      const { kms, call } = await startCore({ replayBufferBytes });
      await call();
      kms.version = 2;
      acceptOnly(2);
      await expect(call({ stream: stream() })).rejects.toMatchObject({ code: 'InvalidAccessKeyId.NotFound' });
      await expect(call({ stream: stream() })).resolves.toEqual({ version: 2 });
      expect(service.versions).toEqual([1, 1, 2]);
    },
  );

  it('reaches the SDK as an object of its class, while that of the caller stays as it is', async () => {
    class Recorder {
      readonly seen: unknown[] = [];
      async doRequest(_params: object, request: object, _runtime: object) {
        this.seen.push(request);
      }
    }
    const { client } = await startOpenApiClient(Recorder, {});
    const request = new OpenApiRequest({ stream: stream(), query: { Name: 'x' } });
    const given = request.stream;
    await client.doRequest(PARAMS, request, {});
    await client.doRequest(PARAMS, new OpenApiRequest({ query: { Name: 'y' } }), {});
    const [first, second] = client.seen;
    expect(first).toBeInstanceOf(OpenApiRequest);
    expect(first).toMatchObject({ query: { Name: 'x' } });
    expect(first).not.toBe(request);
    expect(request.stream).toBe(given);
    expect(second).toMatchObject({ query: { Name: 'y' } });
    expect('execute' in client).toBe(false);
  });
});
