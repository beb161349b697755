import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { ManagedCredentialsModule } from 'nestjs-aliyun-managed-credentials';

/** Starts a Nest application with the module, and settings in place of the environment. */
export function startApp(settings, options) {
  class AppModule {}
  Module({
    imports: [
      ConfigModule.forRoot({ ignoreEnvFile: true, load: [() => settings] }),
      ManagedCredentialsModule.forRoot(options),
    ],
  })(AppModule);
  return NestFactory.createApplicationContext(AppModule, { logger: false });
}
