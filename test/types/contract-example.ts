// Compiled with the tests and never run: an application as the documentation shows it, without an annotation too many.
import { Injectable, Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import {
  acsClient,
  AK_EXPIRE_HANDLER,
  InjectAcsClient,
  InjectOssClient,
  managedClient,
  ManagedCredentialsModule,
  ossClient,
  roaClient,
  type AkExpireHandler,
  type ProxyAcsClient,
  type ProxyOssClient,
} from 'nestjs-aliyun-managed-credentials';
import { openApiClient } from 'nestjs-aliyun-managed-credentials/openapi';
import Ecs from '@alicloud/ecs20140526';

class MyAkExpireHandler implements AkExpireHandler {
  judgeAkExpire(): boolean {
    return false;
  }
}

interface Settings {
  OSS_REGION: string;
}

@Module({
  imports: [
    ConfigModule.forRoot(),
    ManagedCredentialsModule.forRoot({
      clients: [
        acsClient('ecs-operator', {
          endpoint: 'https://ecs.cn-hangzhou.aliyuncs.com',
          apiVersion: '2014-05-26',
        }),
        ossClient('oss-writer', {
          inject: [ConfigService],
          useFactory: (c) => ({ region: c.get('OSS_REGION'), bucket: 'photos' }),
        }),
        ossClient('oss-writer', {
          name: 'annotated',
          inject: [ConfigService],
          useFactory: (config: ConfigService<Settings, true>) => ({ region: config.get('OSS_REGION') }),
        }),
        roaClient('by-token', {
          inject: ['ENDPOINT', { token: ConfigService, optional: true }],
          useFactory: async (endpoint: string, config) => ({
            endpoint,
            apiVersion: config?.get<string>('VERSION') ?? '2015-12-15',
          }),
        }),
        openApiClient(Ecs, 'ecs-operator', {
          inject: [ConfigService],
          useFactory: (config) => ({ endpoint: config.getOrThrow<string>('ECS') }),
        }),
        openApiClient(Ecs, 'ecs-operator', { name: 'plain', endpoint: 'ecs.cn-hangzhou.aliyuncs.com' }),
        managedClient({
          token: 'MNS',
          secretName: 'mns-producer',
          inject: [ConfigService],
          create: (context, config) => ({
            url: config.getOrThrow<string>('MNS'),
            key: () => context.current(),
            close: () => undefined,
          }),
          close: (client) => client.close(),
        }),
      ],
    }),
  ],
  providers: [{ provide: AK_EXPIRE_HANDLER, useClass: MyAkExpireHandler }],
})
export class AppModule {}

@Injectable()
export class InventoryService {
  constructor(
    @InjectAcsClient('ecs-operator') private readonly ecs: ProxyAcsClient,
    @InjectOssClient('oss-writer') private readonly oss: ProxyOssClient,
  ) {}
  regions() {
    return this.ecs.request('DescribeRegions', {});
  }
  upload() {
    return this.oss.put('name', Buffer.from('text'));
  }
}
