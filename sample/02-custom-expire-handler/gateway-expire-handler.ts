import { Injectable } from '@nestjs/common';
import {
  ErrorCodeAkExpireHandler,
  sdkErrorCode,
  type AkExpireContext,
  type AkExpireHandler,
} from 'nestjs-aliyun-managed-credentials';

import { RetiredKeysService } from './retired-keys.service.js';

/** Takes the gateway's own code for an expired key, besides the codes of Alibaba Cloud. */
@Injectable()
export class GatewayExpireHandler implements AkExpireHandler {
  readonly #standard = new ErrorCodeAkExpireHandler();

  constructor(private readonly retiredKeys: RetiredKeysService) {}

  judgeAkExpire(error: unknown, context: AkExpireContext): boolean {
    if (sdkErrorCode(error) !== 'AccessKey.Retired') return this.#standard.judgeAkExpire(error, context);
    this.retiredKeys.add();
    return true;
  }
}
