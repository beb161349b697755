import { Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { ManagedCredentialsModule, ossClient } from 'nestjs-aliyun-managed-credentials';

import { PhotosService } from './photos.service.js';

@Module({
  imports: [
    ManagedCredentialsModule.forRoot({
      clients: [
        ossClient('oss-writer', {
          inject: [ConfigService],
          useFactory: (config) => ({
            region: 'oss-cn-hangzhou',
            endpoint: config.get<string>('OSS_ENDPOINT'),
            bucket: 'photos',
          }),
        }),
      ],
    }),
  ],
  providers: [PhotosService],
})
export class PhotosModule {}
