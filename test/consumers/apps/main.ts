import 'reflect-metadata';

import assert from 'node:assert/strict';

import { Controller, Get, Injectable, Module, type INestApplication } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ScheduleModule } from '@nestjs/schedule';
import {
  acsClient,
  InjectAcsClient,
  InjectOssClient,
  ManagedCredentialsModule,
  ManagedCredentialsService,
  ossClient,
  ProxyAcsClient,
  ProxyOssClient,
} from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

@Injectable()
class InventoryService {
  constructor(
    @InjectAcsClient('ecs-operator') private readonly ecs: ProxyAcsClient,
    @InjectOssClient('oss-writer') private readonly oss: ProxyOssClient,
  ) {}

  async report(): Promise<string> {
    await this.ecs.request('DescribeRegions', {});
    await this.oss.put('report.txt', Buffer.from('regions described'));
    const { content } = (await this.oss.get('report.txt')) as { content: Buffer };
    return content.toString();
  }
}

@Controller()
class InventoryController {
  constructor(private readonly inventory: InventoryService) {}

  @Get('report')
  report(): Promise<string> {
    return this.inventory.report();
  }
}

@Module({
  imports: [
    ConfigModule.forRoot({ ignoreEnvFile: true }),
    ScheduleModule.forRoot(),
    ManagedCredentialsModule.forRoot({
      clients: [
        acsClient('ecs-operator', {
          inject: [ConfigService],
          useFactory: (config: ConfigService) => ({
            endpoint: config.getOrThrow<string>('ECS_ENDPOINT'),
            apiVersion: '2014-05-26',
          }),
        }),
        ossClient('oss-writer', {
          inject: [ConfigService],
          useFactory: (config: ConfigService) => ({
            region: 'oss-cn-hangzhou',
            endpoint: config.getOrThrow<string>('OSS_ENDPOINT'),
            bucket: 'photos',
          }),
        }),
      ],
    }),
  ],
  controllers: [InventoryController],
  providers: [InventoryService],
})
class AppModule {}

async function createApp(platform: string | undefined): Promise<INestApplication> {
  const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
  const app = await NestFactory.create(AppModule, adapter, { logger: ['error', 'warn', 'fatal'] });
  await app.listen(0, '127.0.0.1');
  return app;
}

async function main(): Promise<void> {
  const cloud = await AlibabaCloudEmulator.start({ secrets: ['ecs-operator', 'oss-writer'] });
  Object.assign(process.env, cloud.env, {
    ECS_ENDPOINT: cloud.endpoints.openapi,
    OSS_ENDPOINT: cloud.endpoints.oss,
  });
  const app = await createApp(process.argv[2]);
  const url = `${await app.getUrl()}/report`;
  const report = async () => {
    const response = await fetch(url, { headers: { connection: 'close' } });
    return `${response.status} ${await response.text()}`;
  };
  const versions = () =>
    app
      .get(ManagedCredentialsService)
      .status()
      .map(({ versionId }) => versionId);

  assert.equal(await report(), '200 regions described');
  const before = versions();
  cloud.emergencyRotate('ecs-operator');
  cloud.emergencyRotate('oss-writer');
  assert.equal(await report(), '200 regions described');
  const after = versions();
  assert.deepEqual(
    after.map((version, index) => version !== undefined && version !== before[index]),
    [true, true],
  );

  await app.close();
  await cloud.stop();
  process.stdout.write('served through an emergency rotation\n');
}

void main();
