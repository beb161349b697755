import dns from 'node:dns';

import ecs from '@alicloud/ecs20140526';
import kms from '@alicloud/kms20160120';
import client from '@alicloud/openapi-client';
import core from '@alicloud/openapi-core';
import sls from '@alicloud/sls20201230';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { AkExpireHandler } from 'nestjs-aliyun-managed-credentials';
import { getOpenApiClientToken, openApiClient } from 'nestjs-aliyun-managed-credentials/openapi';
import { ActionAnswer } from 'nestjs-aliyun-managed-credentials/testing';

import { loopbackLookup } from '../../support/loopback-lookup.js';
import { SECRET, startManagedApp, type ManagedApp } from './managed-app.js';
import { observe } from './observe.js';
import { methodsIn, rowsOf, type Operation } from './operation.js';
import type { Bench, KeyPair } from './run-operation.js';
import { OPENAPI_CLIENT } from './tables/openapi-client.js';
import { OPENAPI_CORE } from './tables/openapi-core.js';
import { OPENAPI_GENERATED, type GeneratedWorld } from './tables/openapi-generated.js';
import type { OpenApiWorld } from './tables/openapi-requests.js';

type Class = new (config: object) => object;
type Module = Readonly<Record<string, unknown>> & { readonly default: Class };

const hostOf = (url: string) => new URL(url).host.replace('127.0.0.1', 'localhost');
/** Simple Log Service has one code for every refusal; its message tells a dead key. */
const slsHandler: AkExpireHandler = {
  judgeAkExpire: (error) =>
    error instanceof Error &&
    'code' in error &&
    error.code === 'Unauthorized' &&
    error.message.includes('not found'),
};
/** Names in this table: of the client under test, its module, its config, and what else differs. */
const CLIENTS = [
  ['core', core, 'openapi', {}],
  ['core-v2', core, 'openapi', { signatureAlgorithm: 'v2' }],
  ['client', client, 'openapi', {}],
  ['client-v2', client, 'openapi', { signatureAlgorithm: 'v2' }],
  ['ecs', ecs, 'openapi', {}],
  ['kms', kms, 'openapi', {}],
  ['sls', sls, 'sls', { regionId: 'cn-hangzhou' }],
  ['sls-v4', sls, 'sls', { regionId: 'cn-hangzhou', signatureVersion: 'v4' }],
] as const;

describe('V2 clients', () => {
  let managed: ManagedApp;
  const plainConfigs = new Map<string, object>();

  beforeAll(async () => {
    // The client of Simple Log Service puts the project before the host name.
    jest.spyOn(dns, 'lookup').mockImplementation(loopbackLookup);
    managed = await startManagedApp((cloud) =>
      CLIENTS.map(([name, module, target, more]) => {
        const config = {
          endpoint: hostOf(cloud.endpoints[target]),
          protocol: 'http',
          regionId: 'cn-hangzhou',
          ...more,
        };
        plainConfigs.set(name, config);
        const handler = target === 'sls' ? { akExpireHandler: slsHandler } : {};
        return openApiClient<object, object>(module as never, SECRET, { name, ...config, ...handler });
      }),
    );
    const { cloud } = managed;
    cloud.onAction('Chat', () => new ActionAnswer('text/event-stream', 'data: one\n\ndata: two\n\n'));
    cloud.onAction('Headers', (_params, { headers }) => ({ once: headers['x-acs-once'] ?? 'none' }));
    cloud.onAction('RunInstances', (params) => ({
      InstanceIdSets: { InstanceIdSet: [params['InstanceName']] },
    }));
    cloud.onAction('ListSecrets', () => ({ TotalCount: 1, PageNumber: 1, SecretList: { Secret: [] } }));
    cloud.onAction('GetSecretValue', ({ SecretName }) => ({ SecretName, SecretData: 'x' }));
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await managed.close();
  });

  const managedClient = (name: string) => managed.app.get<object>(getOpenApiClientToken(SECRET, name));
  const plainClient = (name: string, key: KeyPair) => {
    const [, module] = CLIENTS.find(([known]) => known === name) ?? [];
    const { default: Client } = module as unknown as Module;
    return new Client({ type: 'access_key', ...plainConfigs.get(name), ...key });
  };

  const genericBench = (name: string, module: Module): Bench<OpenApiWorld> => {
    const { Params, OpenApiRequest } = ('$OpenApiUtil' in module ? module['$OpenApiUtil'] : module) as Record<
      string,
      Class
    >;
    const make = (SdkClass: Class | undefined) => (fields: object) =>
      SdkClass ? new SdkClass(fields) : fields;
    const worldOf = (find: (name: string) => object, key: () => KeyPair): OpenApiWorld => ({
      client: find(name) as never,
      v2: find(`${name}-v2`) as never,
      paramsOf: make(Params),
      requestOf: make(OpenApiRequest),
      runtime: {},
      currentKey: key,
    });
    return {
      ...managed,
      target: 'openapi',
      stored: () => [],
      newWorld: () => worldOf(managedClient, () => managed.cloud.secret(SECRET)),
      plainWorld: (key) =>
        worldOf(
          (found) => plainClient(found, key),
          () => key,
        ),
    };
  };

  const generatedBench = (target: 'openapi' | 'sls'): Bench<GeneratedWorld> => {
    const call = async (found: object, method: string, args: readonly unknown[]): Promise<unknown> =>
      Reflect.apply(Reflect.get(found, method) as () => Promise<unknown>, found, args) as unknown;
    const requestOf = (module: object, name: string, fields: object) => {
      const SdkClass = Reflect.get(module, name) as Class;
      return new SdkClass(fields);
    };
    const worldOf = (find: (name: string) => object): GeneratedWorld => ({
      ecs: (method, name, fields) => call(find('ecs'), method, [requestOf(ecs, name, fields)]),
      kms: (method, name, fields) => call(find('kms'), method, [requestOf(kms, name, fields)]),
      sls: (method, ...args) => call(find('sls'), method, args),
      slsV4: (method, ...args) => call(find('sls-v4'), method, args),
      slsRequest: (name, fields) => requestOf(sls, name, fields),
    });
    return {
      ...managed,
      target,
      // kms20160120 signs in the query and the form.
      comparesBodies: target === 'sls',
      stored: () => [],
      newWorld: () => worldOf(managedClient),
      plainWorld: (key) => worldOf((name) => plainClient(name, key)),
    };
  };

  const expectAllMethods = (module: Module, operations: readonly Operation<never>[]) => {
    const { prototype } = module.default as unknown as { prototype: object };
    const methods = Object.getOwnPropertyNames(prototype).filter((name) => name !== 'constructor');
    // The clients of Simple Log Service send all requests through it.
    expect([...methodsIn(operations), 'execute'].toSorted()).toEqual(methods.toSorted());
  };

  describe('@alicloud/openapi-core', () => {
    it('every method is in the table', () => {
      expect.hasAssertions();
      expectAllMethods(core as never, OPENAPI_CORE);
    });
    it.each(rowsOf(OPENAPI_CORE))('%s', async (_name, operation) => {
      const { observed, promised } = await observe(genericBench('core', core as never), operation);
      expect(observed).toEqual(promised);
    });
  });

  describe('@alicloud/openapi-client', () => {
    it('every method is in the table', () => {
      expect.hasAssertions();
      expectAllMethods(client as never, OPENAPI_CLIENT);
    });
    it.each(rowsOf(OPENAPI_CLIENT))('%s', async (_name, operation) => {
      const { observed, promised } = await observe(genericBench('client', client as never), operation);
      expect(observed).toEqual(promised);
    });
  });

  describe('generated clients', () => {
    it.each(rowsOf(OPENAPI_GENERATED))('%s', async (name, operation) => {
      const target = name.includes('sls') ? 'sls' : 'openapi';
      const { observed, promised } = await observe(generatedBench(target), operation);
      expect(observed).toEqual(promised);
    });

    it.each([
      ['ecs20140526', ecs, /WithOptions$/],
      ['kms20160120', kms, /Ex$/],
      ['sls20201230', sls, /WithOptions$/],
    ] as const)('every operation of %s ends in a method of the tables', (_name, module, operations) => {
      const { prototype } = (module as unknown as Module).default as unknown as {
        prototype: Record<string, unknown>;
      };
      const names = Object.getOwnPropertyNames(prototype).filter((name) => operations.test(name));
      const strays = names.filter(
        (name) => !/this\.(?:callApi|execute|doRequest)\(/.test(String(prototype[name])),
      );
      expect(names.length).toBeGreaterThan(40);
      expect(strays).toEqual([]);
    });
  });
});
