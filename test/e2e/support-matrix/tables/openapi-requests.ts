import { Readable } from 'node:stream';

import { fails, local, sentAgain, signs, type Operation } from '../operation.js';

/** A generic V2 client, managed or the SDK's own. */
export type OpenApiCaller = Readonly<
  Record<'callApi' | 'doRequest', (params: object, request: object, runtime: object) => Promise<unknown>> &
    Record<
      'doRPCRequest' | 'doROARequest' | 'doROARequestWithForm',
      (...args: readonly unknown[]) => Promise<unknown>
    > &
    Record<
      'getAccessKeyId' | 'getAccessKeySecret' | 'getSecurityToken' | 'getBearerToken' | 'getType',
      () => Promise<unknown>
    > & {
      setRpcHeaders(headers: object): void;
      getRpcHeaders(): unknown;
      /** Only of openapi-client. */
      getUserAgent?(): unknown;
      checkConfig(config: object): void;
      setGatewayClient(gateway: object): void;
      getAccessDeniedDetail(error: object): unknown;
    }
>;

/** What the calls of the V2 tables work with. */
export interface OpenApiWorld {
  /** Signs with version 3. */
  readonly client: OpenApiCaller;
  /** The same with `signatureAlgorithm: 'v2'`. */
  readonly v2: OpenApiCaller;
  /** The SDK's own classes of parameters, requests and options. */
  readonly paramsOf: (fields: object) => object;
  readonly requestOf: (fields: object) => object;
  readonly runtime: object;
  /** The pair that a client must sign with now. */
  readonly currentKey: () => { readonly accessKeyId: string; readonly accessKeySecret: string };
}

const RPC = {
  action: 'CreateThing',
  version: '2014-05-26',
  protocol: 'HTTP',
  pathname: '/',
  method: 'POST',
  authType: 'AK',
  style: 'RPC',
  reqBodyType: 'formData',
  bodyType: 'json',
};
const ROA = { ...RPC, style: 'ROA', pathname: '/clusters/a%20b', reqBodyType: 'json' };
const QUERY = { Zone: 'a b+é', Empty: '' };
const FORM = { query: QUERY, body: { Name: '貓', Tag: 'x' } };
const JSON_BODY = { query: QUERY, body: { name: '貓' } };
/** As much of a stream as is kept by default: `replayBufferBytes`, 1 MiB. */
const KEPT = 1024 * 1024;
const V2 = "Signature version 2: `signatureAlgorithm: 'v2'`.";

type Invocation = readonly [params: object, request: object];
const invoke = (
  { paramsOf, requestOf, runtime }: OpenApiWorld,
  client: OpenApiCaller,
  [params, request]: Invocation,
) => client.callApi(paramsOf(params), requestOf(request), runtime);
const v3 = (name: string, params: object, request: object) =>
  sentAgain(`callApi(params, request, runtime) with ${name}`, (world: OpenApiWorld) =>
    invoke(world, world.client, [params, request]),
  );
const streamed = (bytes: number) => ({ stream: Readable.from([Buffer.alloc(bytes, 'k')]) });
const head = [RPC.action, RPC.version, RPC.protocol, RPC.method, RPC.authType] as const;

/** What every generic V2 client can do. */
export const OPENAPI_REQUESTS: readonly Operation<OpenApiWorld>[] = [
  v3('a form, RPC', RPC, FORM),
  v3('a query only, RPC', { ...RPC, method: 'GET' }, { query: QUERY }),
  v3('JSON, ROA', ROA, JSON_BODY),
  v3('a form, ROA', { ...ROA, reqBodyType: 'formData' }, FORM),
  v3('bytes, ROA', { ...ROA, reqBodyType: 'byte' }, { body: Buffer.from('meow') }),
  v3("bodyType 'string'", { ...RPC, bodyType: 'string' }, FORM),
  v3("bodyType 'byte'", { ...RPC, bodyType: 'byte' }, FORM),
  v3("bodyType 'binary'", { ...RPC, bodyType: 'binary' }, FORM),
  sentAgain(
    'callApi(params, request, runtime) with a stream',
    (world) => invoke(world, world.client, [ROA, streamed(KEPT)]),
    { remark: 'As long as no more of the stream was read than `replayBufferBytes`.' },
  ),
  fails(
    'callApi(params, request, runtime) with a large stream',
    (world) => invoke(world, world.client, [ROA, streamed(KEPT + 1)]),
    { remark: 'More of the stream was read than `replayBufferBytes`.' },
  ),
  sentAgain('doRequest(params, request, runtime)', ({ client, paramsOf, requestOf, runtime }) =>
    client.doRequest(paramsOf(RPC), requestOf(FORM), runtime),
  ),
  sentAgain(
    'callApi(params, request, runtime) with a form, RPC, v2',
    (world) => invoke(world, world.v2, [RPC, FORM]),
    {
      remark: V2,
    },
  ),
  sentAgain(
    'callApi(params, request, runtime) with JSON, ROA, v2',
    (world) => invoke(world, world.v2, [ROA, JSON_BODY]),
    {
      remark: V2,
    },
  ),
  sentAgain('doRPCRequest(action, …)', ({ v2, requestOf, runtime }) =>
    v2.doRPCRequest(...head, 'json', requestOf(FORM), runtime),
  ),
  sentAgain('doROARequest(action, …)', ({ v2, requestOf, runtime }) =>
    v2.doROARequest(...head, '/clusters', 'json', requestOf(JSON_BODY), runtime),
  ),
  sentAgain('doROARequestWithForm(action, …)', ({ v2, requestOf, runtime }) =>
    v2.doROARequestWithForm(...head, '/clusters', 'json', requestOf(FORM), runtime),
  ),
  sentAgain(
    'setRpcHeaders(headers)',
    async (world) => {
      world.client.setRpcHeaders({ 'x-acs-once': '1' });
      const headers = { ...RPC, action: 'Headers' };
      return [
        await invoke(world, world.client, [headers, {}]),
        await invoke(world, world.client, [headers, {}]),
      ];
    },
    { remark: 'For one request, however often it is sent.' },
  ),
  local('getRpcHeaders()', ({ client }) => client.getRpcHeaders()),
  local('checkConfig(config)', ({ client }) => client.checkConfig({ endpoint: 'x' })),
  local('setGatewayClient(gateway)', ({ client }) => client.setGatewayClient({})),
  signs(
    'getAccessKeyId()',
    async ({ client, currentKey }) => (await client.getAccessKeyId()) === currentKey().accessKeyId,
  ),
  signs(
    'getAccessKeySecret()',
    async ({ client, currentKey }) => (await client.getAccessKeySecret()) === currentKey().accessKeySecret,
  ),
  local('getSecurityToken()', async ({ client }) => (await client.getSecurityToken()) || 'none'),
  local('getBearerToken()', async ({ client }) => (await client.getBearerToken()) || 'none'),
  local('getType()', ({ client }) => client.getType()),
];
