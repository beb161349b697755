import { NestFactory } from '@nestjs/core';
import {
  getAcsClientToken,
  ManagedCredentialsService,
  type ProxyAcsClient,
} from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

const SECRET = 'ecs-operator';

const cloud = await AlibabaCloudEmulator.start({ secrets: [SECRET] });
Object.assign(process.env, cloud.env, { ECS_ENDPOINT: cloud.endpoints.openapi });
// ConfigModule reads the environment when the module is loaded.
const { AppModule } = await import('./app.module.js');
const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'] });
await app.listen(0, '127.0.0.1');
const url = await app.getUrl();
const ecs = app.get<ProxyAcsClient>(getAcsClientToken(SECRET));
const credentials = app.get(ManagedCredentialsService);

await ecs.request('DescribeRegions', {});
await showHealth('All is well');

const outage = cloud.fail('dedicatedKms', { status: 503 }, Infinity);
await credentials.refresh(SECRET).catch(() => undefined);
await showHealth('KMS is down; calls go on with the last good key');

cloud.revoke(cloud.secret(SECRET).accessKeyId);
await ecs.request('DescribeRegions', {}).catch(() => undefined);
await showHealth('The key is revoked as well');

outage.clear();
cloud.emergencyRotate(SECRET);
await credentials.refresh(SECRET);
await ecs.request('DescribeRegions', {});
await showHealth('KMS is back, with a new key');

console.log('\nWhat Prometheus scrapes, without histograms:');
const scraped = await (await fetch(`${url}/metrics`)).text();
for (const line of scraped.split('\n')) {
  if (line.startsWith('managed_credentials_') && !line.includes('duration')) console.log(`  ${line}`);
}
await app.close();
await cloud.stop();

async function showHealth(situation: string): Promise<void> {
  const response = await fetch(`${url}/health`);
  const [, warning] = /"warning":"([^"]+)"/.exec(await response.text()) ?? [];
  const answer = response.ok ? 'up' : 'down';
  console.log(`${situation}: GET /health says ${answer}${warning === undefined ? '' : `, but ${warning}`}`);
}
