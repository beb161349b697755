import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ManagedCredentialsModule } from 'nestjs-aliyun-managed-credentials';

import { RegionsModule } from './regions.module.js';

@Module({
  imports: [ConfigModule.forRoot({ isGlobal: true }), ManagedCredentialsModule.forRoot(), RegionsModule],
})
export class AppModule {}
