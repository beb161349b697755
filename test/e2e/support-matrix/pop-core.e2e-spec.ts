import * as popCore from '@alicloud/pop-core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  getAcsClientToken,
  getRoaClientToken,
  roaClient,
  type ProxyAcsClient,
  type ProxyRoaClient,
} from 'nestjs-aliyun-managed-credentials';
import { ServiceError } from 'nestjs-aliyun-managed-credentials/testing';

import { testAcsClient } from '../../support/app-fixture.js';
import { SECRET, startManagedApp, type ManagedApp } from './managed-app.js';
import { observe } from './observe.js';
import { methodsIn, rowsOf } from './operation.js';
import type { Bench } from './run-operation.js';
import { ROA, type RoaCaller, type RoaWorld } from './tables/roa.js';
import { RPC, type RpcWorld } from './tables/rpc.js';

/** The classes, which the SDK's typings leave out in part. */
const { default: RpcClient, ROAClient } = popCore as unknown as {
  default: new (config: object, verbose?: boolean) => RpcWorld['acs'];
  ROAClient: { new (config: object): RoaCaller; prototype: object };
};

const API = { apiVersion: '2015-12-15' };

describe("pop-core's clients", () => {
  let managed: ManagedApp;
  let rpc: Bench<RpcWorld>;
  let roa: Bench<RoaWorld>;

  beforeAll(async () => {
    managed = await startManagedApp((cloud) => [
      testAcsClient(cloud, SECRET),
      testAcsClient(cloud, SECRET, { name: 'verbose', verbose: true }),
      roaClient(SECRET, { endpoint: cloud.endpoints.openapi, ...API }),
    ]);
    const { app, cloud } = managed;
    const endpoint = cloud.endpoints.openapi;
    cloud.onAction('GET /missing', () => {
      throw new ServiceError(404, 'ErrorClusterNotFound', 'There is no such cluster.');
    });
    // Bodies of RPC calls hold the signature; what they say, the gateway echoes.
    const common = { ...managed, target: 'openapi' as const, stored: () => [] };
    rpc = {
      ...common,
      comparesBodies: false,
      newWorld: () => ({
        acs: app.get<ProxyAcsClient>(getAcsClientToken(SECRET)),
        verbose: app.get<ProxyAcsClient>(getAcsClientToken(SECRET, 'verbose')),
      }),
      plainWorld(key) {
        const config = { endpoint, apiVersion: '2014-05-26', ...key };
        return { acs: new RpcClient(config), verbose: new RpcClient(config, true) };
      },
    };
    roa = {
      ...common,
      newWorld: () => ({ roa: app.get<ProxyRoaClient>(getRoaClientToken(SECRET)) }),
      plainWorld: (key) => ({ roa: new ROAClient({ endpoint, ...API, ...key }) }),
    };
  });
  afterAll(() => managed.close());

  describe('acsClient', () => {
    it.each(rowsOf(RPC))('%s', async (_name, operation) => {
      const { observed, promised } = await observe(rpc, operation);
      expect(observed).toEqual(promised);
    });
  });

  describe('roaClient', () => {
    it('every method that sends a request is in the table', () => {
      // The others build headers and signatures from a key in the options, and cannot work with a provider of keys.
      const methods = Object.getOwnPropertyNames(ROAClient.prototype).filter(
        (name) => !['constructor', 'buildHeaders', 'signature', 'buildAuthorization'].includes(name),
      );
      expect(methodsIn(ROA)).toEqual(methods.toSorted());
    });
    it.each(rowsOf(ROA))('%s', async (_name, operation) => {
      const { observed, promised } = await observe(roa, operation);
      expect(observed).toEqual(promised);
    });
  });
});
