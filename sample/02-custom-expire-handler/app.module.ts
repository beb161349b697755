import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { acsClient, AK_EXPIRE_HANDLER, ManagedCredentialsModule } from 'nestjs-aliyun-managed-credentials';

import { GatewayExpireHandler } from './gateway-expire-handler.js';
import { RetiredKeysService } from './retired-keys.service.js';

@Module({
  imports: [
    ConfigModule.forRoot(),
    ManagedCredentialsModule.forRoot({
      clients: [
        acsClient('ecs-operator', {
          inject: [ConfigService],
          useFactory: (config) => ({
            endpoint: config.getOrThrow<string>('GATEWAY_URL'),
            apiVersion: '2014-05-26',
          }),
        }),
      ],
    }),
  ],
  // Any module of the application may bind the handler; one of them only.
  providers: [RetiredKeysService, { provide: AK_EXPIRE_HANDLER, useClass: GatewayExpireHandler }],
})
export class AppModule {}
