import { Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import { ManagedCredentialsHealthIndicator } from 'nestjs-aliyun-managed-credentials/terminus';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly credentials: ManagedCredentialsHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.credentials.isHealthy('credentials')]);
  }
}
