import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import OSS from 'ali-oss';
import { getOssClientToken, type ProxyOssClient } from 'nestjs-aliyun-managed-credentials';

import { testOssClient } from '../../support/app-fixture.js';
import { SECRET, startManagedApp, type ManagedApp } from './managed-app.js';
import { observe } from './observe.js';
import { methodsIn, rowsOf, type Operation } from './operation.js';
import { BUCKET, OssBench } from './oss-bench.js';
import type { OssWorld } from './oss-world.js';
import { OSS_OPERATIONS } from './tables/oss.js';

const WITH_HEAD = OSS_OPERATIONS.filter(({ sendsHead }) => sendsHead);

it('every public method of ali-oss is in the tables', () => {
  const methods: string[] = [];
  // Inherited or not, enumerable: that is how the SDK is put together.
  for (const name in OSS.prototype) if (!name.startsWith('_')) methods.push(name);
  expect(methodsIn(OSS_OPERATIONS)).toEqual(methods.toSorted());
});

describe.each<[string, boolean, boolean, readonly Operation<OssWorld>[]]>([
  ['signature version 1', false, true, OSS_OPERATIONS],
  ['signature version 4', true, true, OSS_OPERATIONS],
  ['a gateway that hides the code of a refused HEAD', false, false, WITH_HEAD],
])('ossClient with %s', (_, authorizationV4, headErrorHeader, operations) => {
  let managed: ManagedApp;
  let bench: OssBench;

  beforeAll(async () => {
    let options = {};
    managed = await startManagedApp(
      (cloud) => {
        // ali-oss makes no URLs for an endpoint that is an address.
        const endpoint = cloud.endpoints.oss.replace('127.0.0.1', 'localhost');
        const region = 'oss-cn-hangzhou';
        options = { endpoint, sldEnable: true, authorizationV4, region, bucket: BUCKET, timeout: 5000 };
        return [testOssClient(cloud, SECRET, options)];
      },
      { oss: { headErrorHeader } },
    );
    bench = new OssBench({
      ...managed,
      client: managed.app.get<ProxyOssClient>(getOssClientToken(SECRET)),
      buckets: [BUCKET],
      plainClient: (key) => new OSS({ ...options, ...key }),
    });
    // urllib warns when an upload is refused before it has been read to its end.
    jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  });
  afterAll(async () => {
    bench.close();
    await managed.close();
    jest.restoreAllMocks();
  });

  it.each(rowsOf(operations))('%s', async (_name, operation) => {
    const { observed, promised } = await observe(bench, operation);
    expect(observed).toEqual(promised);
  });
});
