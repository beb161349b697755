import 'reflect-metadata';

import assert from 'node:assert/strict';

import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { ManagedCredentialsModule, ManagedCredentialsService } from 'nestjs-aliyun-managed-credentials';
import { ManagedCredentialsTelemetry } from 'nestjs-aliyun-managed-credentials/opentelemetry';
import { ManagedCredentialsHealthIndicator } from 'nestjs-aliyun-managed-credentials/terminus';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

@Module({
  imports: [
    ConfigModule.forRoot({ ignoreEnvFile: true }),
    TerminusModule.forRoot({ logger: false }),
    ManagedCredentialsModule.forRoot(),
  ],
  providers: [ManagedCredentialsHealthIndicator, ManagedCredentialsTelemetry],
})
class AppModule {}

async function main(): Promise<void> {
  const cloud = await AlibabaCloudEmulator.start({ secrets: ['ecs-operator'] });
  Object.assign(process.env, cloud.env);
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error', 'warn', 'fatal'] });
  await app.get(ManagedCredentialsService).getCredentials('ecs-operator');
  const indicator = app.get(ManagedCredentialsHealthIndicator);
  const { status, details } = await app
    .get(HealthCheckService)
    .check([() => indicator.isHealthy('credentials')]);
  assert.equal(status, 'ok');
  assert.equal(details['credentials']?.['status'], 'up');

  await app.close();
  await cloud.stop();
  process.stdout.write('healthy\n');
}

void main();
