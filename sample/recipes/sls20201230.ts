import Sls from '@alicloud/sls20201230';
import { sdkErrorCode, type AkExpireHandler } from 'nestjs-aliyun-managed-credentials';
import { openApiClient } from 'nestjs-aliyun-managed-credentials/openapi';

/** Tells an expired key from a missing permission: the code alone does not, as both have the same one. */
const slsAkExpireHandler: AkExpireHandler = {
  judgeAkExpire: (error) =>
    sdkErrorCode(error) === 'Unauthorized' &&
    error instanceof Error &&
    /AccessKeyId (?:not found|is disabled)/.test(error.message),
};

export interface SlsOptions {
  readonly regionId: string;
  /** @default that of the region */
  readonly endpoint?: string;
  /** @default 'HTTPS' */
  readonly protocol?: string;
}

/** Defines the client of the log service, signed with the key of a secret: inject it by `InjectOpenApiClient`. */
export const slsClient = (secretName: string, options: SlsOptions) =>
  openApiClient(Sls, secretName, { ...options, akExpireHandler: slsAkExpireHandler });
