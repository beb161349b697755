import EcsClient from '@alicloud/ecs20140526';
import { Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { ManagedCredentialsModule } from 'nestjs-aliyun-managed-credentials';
import { openApiClient } from 'nestjs-aliyun-managed-credentials/openapi';

import { RegionsService } from './regions.service.js';

@Module({
  imports: [
    ManagedCredentialsModule.forFeature([
      openApiClient(EcsClient.default, 'ecs-operator', {
        inject: [ConfigService],
        useFactory: (config) => ({
          endpoint: config.get('ECS_HOST', 'ecs.cn-hangzhou.aliyuncs.com'),
          protocol: config.get('ECS_PROTOCOL', 'https'),
        }),
      }),
    ]),
  ],
  providers: [RegionsService],
  exports: [RegionsService],
})
export class RegionsModule {}
