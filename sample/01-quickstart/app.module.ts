import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { acsClient, ManagedCredentialsModule, ossClient } from 'nestjs-aliyun-managed-credentials';

import { LoadService } from './load/load.service.js';
import { ACS_SECRET, OSS_SECRET } from './secret-names.js';

@Module({
  imports: [
    ConfigModule.forRoot(),
    // The KMS settings come from the environment: see cloud/emulated-cloud.ts.
    ManagedCredentialsModule.forRoot({
      // Those who watch an outage of KMS see it soon; the default is 30 s.
      kms: { fetchTimeoutMs: 3000 },
      clients: [
        acsClient(ACS_SECRET, {
          inject: [ConfigService],
          useFactory: (config: ConfigService) => ({
            endpoint: config.get('ECS_ENDPOINT', 'https://ecs.cn-hangzhou.aliyuncs.com'),
            apiVersion: '2014-05-26',
            // The SDK's own 3 s are short for 50 callers on a machine that is busy with other things.
            opts: { timeout: 10_000 },
          }),
        }),
        ossClient(OSS_SECRET, {
          inject: [ConfigService],
          useFactory: (config: ConfigService) => ({
            region: config.get('OSS_REGION', 'oss-cn-hangzhou'),
            endpoint: config.get<string>('OSS_ENDPOINT'),
            bucket: config.get('OSS_BUCKET', 'photos'),
          }),
        }),
      ],
    }),
  ],
  providers: [LoadService],
  exports: [LoadService],
})
export class AppModule {}
