import { Agent } from 'node:https';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import OSS from 'ali-oss';
import {
  getOssClusterClientToken,
  getOssImageClientToken,
  getOssStsClientToken,
  ossClusterClient,
  ossImageClient,
  ossStsClient,
  type ProxyOssClusterClient,
  type ProxyOssImageClient,
  type ProxyOssStsClient,
} from 'nestjs-aliyun-managed-credentials';

import { SECRET, startManagedApp, type ManagedApp } from './managed-app.js';
import { observe } from './observe.js';
import { methodsIn, rowsOf } from './operation.js';
import { BUCKET, OssBench, OTHER_BUCKET } from './oss-bench.js';
import { invokerOf } from './oss-world.js';
import type { Bench } from './run-operation.js';
import { OSS_CLUSTER } from './tables/oss-cluster.js';
import { OSS_IMAGE } from './tables/oss-image.js';
import { OSS_STS, type StsWorld } from './tables/oss-sts.js';

// Its constructor asks for the state of the nodes.
const readyOf = (client: ProxyOssClusterClient) =>
  new Promise<void>((resolve) => {
    client.ready(resolve);
  });
const publicMethodsOf = ({ prototype }: { prototype: object }) =>
  Object.keys(prototype)
    .filter((name) => !name.startsWith('_'))
    .toSorted();
describe('the clients beside ossClient', () => {
  let managed: ManagedApp;
  let image: OssBench;
  let cluster: OssBench;
  let sts: Bench<StsWorld>;

  beforeAll(async () => {
    const options = { sldEnable: true, region: 'oss-cn-hangzhou', timeout: 5000 };
    let imageOptions = { ...options, imageHost: '', bucket: BUCKET };
    let clusterOptions = { cluster: [{}] };
    let stsOptions = {};
    managed = await startManagedApp(
      ({ endpoints, certificates: { ca } }) => {
        const endpoint = endpoints.oss.replace('127.0.0.1', 'localhost');
        imageOptions = { ...imageOptions, imageHost: endpoint };
        const nodes = [BUCKET, OTHER_BUCKET].map((bucket) => ({ ...options, endpoint, bucket }));
        clusterOptions = { cluster: nodes, schedule: 'masterSlave', ignoreStatusFile: true } as never;
        // The SDK has no option for the authority of a TLS endpoint.
        const httpsAgent = new Agent({ ca });
        const { urllib } = new OSS.STS({ accessKeyId: 'x', accessKeySecret: 'x' }) as unknown as {
          urllib: { request(url: string, args: object): Promise<object> };
        };
        const request = (url: string, args: object) => urllib.request(url, { ...args, httpsAgent });
        stsOptions = { endpoint: endpoints.sts, urllib: { request } };
        return [
          ossImageClient(SECRET, imageOptions),
          ossClusterClient(SECRET, clusterOptions),
          ossStsClient(SECRET, stsOptions),
        ];
      },
      { sts: { trustedSecrets: [SECRET] } },
    );
    const { app, cloud } = managed;
    image = new OssBench({
      ...managed,
      client: app.get<ProxyOssImageClient>(getOssImageClientToken(SECRET)),
      buckets: [BUCKET],
      plainClient: (key) => new OSS.ImageClient({ ...imageOptions, ...key }),
    });
    const clusterClient = app.get<ProxyOssClusterClient>(getOssClusterClientToken(SECRET));
    cluster = new OssBench({
      ...managed,
      client: clusterClient,
      buckets: [BUCKET, OTHER_BUCKET],
      async plainClient(key) {
        const nodes = clusterOptions.cluster.map((node) => ({ ...node, ...key }));
        const client = new OSS.ClusterClient({ ...clusterOptions, cluster: nodes } as never);
        await readyOf(client as unknown as ProxyOssClusterClient);
        (client as unknown as ProxyOssClusterClient).close();
        return client;
      },
    });
    await readyOf(clusterClient);
    sts = {
      ...managed,
      target: 'sts',
      comparesBodies: false,
      newWorld: () => ({
        invoke: invokerOf(app.get<ProxyOssStsClient>(getOssStsClientToken(SECRET))),
        roleArn: cloud.role.arn,
      }),
      plainWorld: (key) => ({
        invoke: invokerOf(new OSS.STS({ ...stsOptions, ...key })),
        roleArn: cloud.role.arn,
      }),
      stored: () => [],
    };
    jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterAll(async () => {
    image.close();
    cluster.close();
    await managed.close();
    jest.restoreAllMocks();
  });

  describe('ossImageClient', () => {
    it('every public method is in the table', () => {
      expect(methodsIn(OSS_IMAGE)).toEqual(publicMethodsOf(OSS.ImageClient));
    });
    it.each(rowsOf(OSS_IMAGE))('%s', async (_name, operation) => {
      const { observed, promised } = await observe(image, operation);
      expect(observed).toEqual(promised);
    });
  });

  describe('ossClusterClient', () => {
    it('every public method is in the table', () => {
      // The module calls `close` at shutdown.
      expect([...methodsIn(OSS_CLUSTER), 'close'].toSorted()).toEqual(publicMethodsOf(OSS.ClusterClient));
    });
    it.each(rowsOf(OSS_CLUSTER))('%s', async (_name, operation) => {
      const { observed, promised } = await observe(cluster, operation);
      expect(observed).toEqual(promised);
    });
  });

  describe('ossStsClient', () => {
    it('every public method is in the table', () => {
      expect(methodsIn(OSS_STS)).toEqual(publicMethodsOf(OSS.STS));
    });
    it.each(rowsOf(OSS_STS))('%s', async (_name, operation) => {
      const { observed, promised } = await observe(sts, operation);
      expect(observed).toEqual(promised);
    });
  });
});
