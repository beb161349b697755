import {
  BadRequestException,
  Body,
  ConflictException,
  Controller,
  HttpCode,
  Post,
  UseGuards,
} from '@nestjs/common';
import { ManagedCredentialsService } from 'nestjs-aliyun-managed-credentials';

import { Cloud } from '../cloud/cloud.js';
import { EmulatedCloud } from '../cloud/emulated-cloud.js';
import { isKmsFault, KMS_FAULTS } from '../cloud/kms-fault.js';
import { LocalRequestGuard } from './local-request.guard.js';

const KMS_LAG_MS = 3000;

/** What the buttons send. */
interface ActionBody {
  readonly secretName?: unknown;
  readonly fault?: unknown;
  readonly isOn?: unknown;
}

/** The buttons of the page. */
@Controller('actions')
@UseGuards(LocalRequestGuard)
export class ActionsController {
  constructor(
    private readonly cloud: Cloud,
    private readonly credentials: ManagedCredentialsService,
  ) {}

  @Post('rotate')
  @HttpCode(204)
  async rotate(@Body() body: ActionBody): Promise<void> {
    const secretName = this.secretNameIn(body);
    this.emulated.rotate(secretName);
    // An application looks a few minutes after the date that KMS has announced. Nobody waits here for that.
    await this.refreshAll([secretName]);
  }

  @Post('emergency-rotate')
  @HttpCode(204)
  emergencyRotate(@Body() body: ActionBody): void {
    this.emulated.emergencyRotate(this.secretNameIn(body), { isManual: true });
  }

  @Post('lag')
  @HttpCode(204)
  lag(@Body() body: ActionBody): void {
    this.emulated.emergencyRotate(this.secretNameIn(body), { kmsLagMs: KMS_LAG_MS, isManual: true });
  }

  @Post('revoke')
  @HttpCode(204)
  revoke(@Body() body: ActionBody): void {
    this.emulated.revoke(this.secretNameIn(body));
  }

  @Post('refresh')
  @HttpCode(204)
  async refresh(@Body() body: ActionBody): Promise<void> {
    await this.refreshAll([this.secretNameIn(body)]);
  }

  @Post('break-kms')
  @HttpCode(204)
  breakKms(@Body() { fault }: ActionBody): void {
    if (!isKmsFault(fault)) {
      throw new BadRequestException(`fault must be one of ${Object.keys(KMS_FAULTS).join(', ')}`);
    }
    this.emulated.breakKms(fault);
    // Without a reason to ask KMS, an application would not notice for hours. A hung KMS is not waited for.
    void this.refreshAll();
  }

  @Post('mend')
  @HttpCode(204)
  async mend(): Promise<void> {
    this.emulated.mend();
    await this.refreshAll();
  }

  @Post('automatic')
  @HttpCode(204)
  setAutomatic(@Body() { isOn }: ActionBody): void {
    if (typeof isOn !== 'boolean') throw new BadRequestException('isOn must be true or false');
    this.emulated.automaticRotation.isOn = isOn;
  }

  private get emulated(): EmulatedCloud {
    if (this.cloud instanceof EmulatedCloud) return this.cloud;
    throw new ConflictException('A real cloud is neither rotated nor broken from here.');
  }

  private secretNameIn({ secretName }: ActionBody): string {
    const names = this.secretNames;
    const found = names.find((name) => name === secretName);
    if (found !== undefined) return found;
    throw new BadRequestException(`secretName must be one of ${names.join(', ')}`);
  }

  private get secretNames(): readonly string[] {
    return this.credentials.status().map(({ secretName }) => secretName);
  }

  /** Asks KMS for secrets; a failure is told by the library's events. */
  private async refreshAll(secretNames = this.secretNames): Promise<void> {
    await Promise.allSettled(secretNames.map((secretName) => this.credentials.refresh(secretName)));
  }
}
