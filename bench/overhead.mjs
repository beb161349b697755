import * as Ecs from '@alicloud/ecs20140526';
import Core, { ROAClient } from '@alicloud/pop-core';
import OSS from 'ali-oss';
import {
  acsClient,
  getAcsClientToken,
  getOssClientToken,
  getRoaClientToken,
  ossClient,
  roaClient,
} from 'nestjs-aliyun-managed-credentials';
import { getOpenApiClientToken, openApiClient } from 'nestjs-aliyun-managed-credentials/openapi';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { startChild } from './support/child.mjs';
import { startApp } from './support/start-app.mjs';
import { quantile } from './support/statistics.mjs';

const SIZES = {
  full: { warmUpRounds: 5, rounds: 30, pairsPerRound: 200 },
  tiny: { warmUpRounds: 0, rounds: 2, pairsPerRound: 5 },
};

export const title = 'Overhead of a call';

export const about =
  'The time of a call through a managed client, as a ratio to the same call through the bare client of its SDK, to a server that answers at once. Both take turns, call by call, in one process; the ratio is that of the medians of 200 calls each, and the table shows the median and the quartiles of 30 such ratios.';

/** Measures what each managed client costs over the bare client of its SDK. */
export async function measure(size) {
  const { child: server, message } = await startChild('instant-server.mjs');
  const cloud = await AlibabaCloudEmulator.start({ secrets: ['bench'] });
  const { accessKeyId, accessKeySecret } = cloud.secret('bench');
  const key = { accessKeyId, accessKeySecret };
  const host = `127.0.0.1:${message.port}`;
  const endpoint = `http://${host}`;
  const acs = { endpoint, apiVersion: '2014-05-26' };
  const roa = { endpoint, apiVersion: '2015-12-15' };
  const oss = { region: 'oss-cn-hangzhou', endpoint, bucket: 'bench' };
  const openapi = { endpoint: host, protocol: 'HTTP', regionId: 'cn-hangzhou' };
  const EcsClient = Ecs.default.default;
  const app = await startApp(cloud.env, {
    clients: [
      acsClient('bench', acs),
      roaClient('bench', roa),
      ossClient('bench', oss),
      openApiClient(EcsClient, 'bench', openapi),
    ],
  });

  const rpc = [new Core({ ...acs, ...key }), app.get(getAcsClientToken('bench'))];
  const rest = [new ROAClient({ ...roa, ...key }), app.get(getRoaClientToken('bench'))];
  const store = [new OSS({ ...oss, ...key }), app.get(getOssClientToken('bench'))];
  const v2 = [new EcsClient({ ...openapi, ...key }), app.get(getOpenApiClientToken('bench'))];
  const kilobyte = Buffer.alloc(1024, 'x');
  const operations = [
    ['ACS request', rpc, (client) => client.request('DescribeRegions', {}, { method: 'POST' })],
    ['ROA get', rest, (client) => client.get('/clusters')],
    ['OSS put, 1 KB', store, (client) => client.put('object', kilobyte)],
    ['OSS get, 1 KB', store, (client) => client.get('object')],
    ['OSS head', store, (client) => client.head('object')],
    ['V2 describeRegions', v2, (client) => client.describeRegions(new Ecs.DescribeRegionsRequest({}))],
  ];
  const results = [];
  for (const [operation, clients, call] of operations) {
    results.push({ operation, ...(await compare(clients, call, SIZES[size])) });
  }

  await app.close();
  await cloud.stop();
  server.disconnect();
  return results;
}

/** The table of a measurement. */
export function rows(results) {
  return results.map(({ operation, bareMicros, ratio, ratioQuartiles }) => ({
    Call: operation,
    'Bare SDK, µs': bareMicros.toFixed(0),
    Ratio: ratio.toFixed(3),
    Quartiles: ratioQuartiles.map((value) => value.toFixed(3)).join(' to '),
  }));
}

async function compare([bare, managed], call, { warmUpRounds, rounds, pairsPerRound }) {
  const ratios = [];
  const bareMicros = [];
  for (let round = -warmUpRounds; round < rounds; round++) {
    const micros = { bare: [], managed: [] };
    // Call by call in turns: whatever else the machine does hits both alike.
    for (let pair = 0; pair < pairsPerRound; pair++) {
      const order = pair % 2 === 0 ? ['bare', 'managed'] : ['managed', 'bare'];
      for (const name of order) micros[name].push(await microsOf(call, name === 'bare' ? bare : managed));
    }
    if (round < 0) continue;
    ratios.push(quantile(micros.managed, 0.5) / quantile(micros.bare, 0.5));
    bareMicros.push(quantile(micros.bare, 0.5));
  }
  return {
    bareMicros: quantile(bareMicros, 0.5),
    ratio: quantile(ratios, 0.5),
    ratioQuartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
  };
}

async function microsOf(call, client) {
  const startedAt = process.hrtime.bigint();
  await call(client);
  return Number(process.hrtime.bigint() - startedAt) / 1000;
}
