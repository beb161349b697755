import { NestFactory } from '@nestjs/core';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { RegionsService } from './regions.service.js';

const cloud = await AlibabaCloudEmulator.start({ secrets: ['ecs-operator'] });
Object.assign(process.env, cloud.env, {
  ECS_HOST: new URL(cloud.endpoints.openapi).host,
  ECS_PROTOCOL: 'http',
});
// ConfigModule reads the environment when the module is loaded.
const { AppModule } = await import('./app.module.js');
const app = await NestFactory.createApplicationContext(AppModule, { logger: ['warn', 'error', 'log'] });
const regions = app.get(RegionsService);

console.log(`ECS has answered request ${await regions.describe()}.`);
cloud.emergencyRotate('ecs-operator');
console.log('An emergency rotation: the key that the client has just used is refused from now on.');
console.log(`ECS has answered request ${await regions.describe()}, signed with the new key.`);

await app.close();
await cloud.stop();
