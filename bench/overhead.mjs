// What a managed client costs over the bare client of its SDK: both call the same server in turns, in one run.
import { fork } from 'node:child_process';
import { once } from 'node:events';

import Core from '@alicloud/pop-core';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import OSS from 'ali-oss';
import {
  acsClient,
  getAcsClientToken,
  getOssClientToken,
  ManagedCredentialsModule,
  ossClient,
} from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { quantile } from './statistics.mjs';

export const ROUNDS = 40;
const PAIRS_PER_ROUND = 200;
const WARM_UP_ROUNDS = 5;

/** Measures the overhead of each client; resolves to one row a client. */
export async function measureOverhead() {
  const server = fork(new URL('server.mjs', import.meta.url));
  const [{ port }] = await once(server, 'message');
  const cloud = await AlibabaCloudEmulator.start({ secrets: ['bench'] });
  const endpoint = `http://127.0.0.1:${port}`;
  const acsOptions = { endpoint, apiVersion: '2014-05-26' };
  const ossOptions = { region: 'oss-cn-hangzhou', endpoint, bucket: 'bench' };

  class AppModule {}
  Module({
    imports: [
      ConfigModule.forRoot({ ignoreEnvFile: true, load: [() => cloud.env] }),
      ManagedCredentialsModule.forRoot({
        clients: [acsClient('bench', acsOptions), ossClient('bench', ossOptions)],
      }),
    ],
  })(AppModule);
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
  const { accessKeyId, accessKeySecret } = cloud.secret('bench');
  const bareAcs = new Core({ ...acsOptions, accessKeyId, accessKeySecret });
  const bareOss = new OSS({ ...ossOptions, accessKeyId, accessKeySecret });
  const managedAcs = app.get(getAcsClientToken('bench'));
  const managedOss = app.get(getOssClientToken('bench'));
  const kilobyte = Buffer.alloc(1024, 'x');

  const pairs = [
    [
      'ProxyAcsClient.request',
      (client) => client.request('DescribeRegions', {}, { method: 'POST' }),
      bareAcs,
      managedAcs,
    ],
    ['ProxyOssClient.put 1 KB', (client) => client.put('object', kilobyte), bareOss, managedOss],
    ['ProxyOssClient.get 1 KB', (client) => client.get('object'), bareOss, managedOss],
    ['ProxyOssClient.head', (client) => client.head('object'), bareOss, managedOss],
  ];
  const rows = [];
  for (const [operation, call, bare, managed] of pairs)
    rows.push(await compare(operation, call, bare, managed));

  await app.close();
  await cloud.stop();
  server.disconnect();
  return rows;
}

async function compare(operation, call, bare, managed) {
  const ratios = [];
  const bareMicros = [];
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    const micros = { bare: [], managed: [] };
    // Call by call in turns: whatever else the machine does hits both alike.
    for (let index = 0; index < PAIRS_PER_ROUND; index++) {
      micros.bare.push(await timed(() => call(bare)));
      micros.managed.push(await timed(() => call(managed)));
    }
    if (round < 0) continue;
    ratios.push(quantile(micros.managed, 0.5) / quantile(micros.bare, 0.5));
    bareMicros.push(quantile(micros.bare, 0.5));
  }
  return {
    operation,
    bareMicros: quantile(bareMicros, 0.5),
    ratio: quantile(ratios, 0.5),
    ratioQuartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
  };
}

async function timed(call) {
  const startedAt = process.hrtime.bigint();
  await call();
  return Number(process.hrtime.bigint() - startedAt) / 1000;
}
