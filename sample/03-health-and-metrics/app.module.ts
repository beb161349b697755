import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { TerminusModule } from '@nestjs/terminus';
import { metrics } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { acsClient, ManagedCredentialsModule } from 'nestjs-aliyun-managed-credentials';
import { ManagedCredentialsTelemetry } from 'nestjs-aliyun-managed-credentials/opentelemetry';
import { ManagedCredentialsHealthIndicator } from 'nestjs-aliyun-managed-credentials/terminus';

import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { MetricsReader } from './metrics-reader.js';

const reader = new MetricsReader();
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));

@Module({
  imports: [
    ConfigModule.forRoot(),
    TerminusModule.forRoot({ logger: false }),
    ManagedCredentialsModule.forRoot({
      // Short times, so that the sample shows in seconds what takes minutes in earnest.
      kms: { fetchTimeoutMs: 300 },
      expiredKeyWaitMs: 500,
      clients: [
        acsClient('ecs-operator', {
          inject: [ConfigService],
          useFactory: (config) => ({
            endpoint: config.getOrThrow<string>('ECS_ENDPOINT'),
            apiVersion: '2014-05-26',
          }),
        }),
      ],
    }),
  ],
  controllers: [HealthController, MetricsController],
  providers: [
    ManagedCredentialsTelemetry,
    ManagedCredentialsHealthIndicator,
    { provide: MetricsReader, useValue: reader },
  ],
})
export class AppModule {}
