import { NestFactory } from '@nestjs/core';
import { getAcsClientToken, type ProxyAcsClient } from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { RetiredKeysService } from './retired-keys.service.js';

const SECRET = 'ecs-operator';

const cloud = await AlibabaCloudEmulator.start({ secrets: [SECRET] });
Object.assign(process.env, cloud.env, { GATEWAY_URL: cloud.endpoints.openapi });
// ConfigModule reads the environment when the module is loaded.
const { AppModule } = await import('./app.module.js');
const app = await NestFactory.createApplicationContext(AppModule, { logger: ['warn', 'error', 'log'] });
const ecs = app.get<ProxyAcsClient>(getAcsClientToken(SECRET));

await ecs.request('DescribeRegions', {});
console.log('A call with the first key: done.');

const { accessKeyId } = cloud.secret(SECRET);
cloud.rotate(SECRET);
cloud.fail(
  'openapi',
  { status: 403, code: 'AccessKey.Retired', match: (request) => request.accessKeyId === accessKeyId },
  Infinity,
);
console.log('KMS has a new key, and the gateway answers AccessKey.Retired to the old one.');

await Promise.all(Array.from({ length: 50 }, () => ecs.request('DescribeRegions', {})));
const refused = app.get(RetiredKeysService).count;
console.log(
  `50 calls at once: the gateway refused ${refused}, and each was sent again with the new key. None failed.`,
);

await app.close();
await cloud.stop();
