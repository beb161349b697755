import type { Agent } from 'node:http';
import OSS from 'ali-oss';
import type { AlibabaCloudEmulator } from '../../../lib/testing/index.js';
import type { KeyPair } from './failure-of.js';

/** The real OSS client. */
export function ossClient(
  cloud: AlibabaCloudEmulator,
  { accessKeyId, accessKeySecret }: KeyPair,
  options: Partial<OSS.Options> & { sldEnable?: boolean; agent?: Agent } = {},
): OSS {
  return new OSS({
    endpoint: cloud.endpoints.oss,
    region: 'oss-cn-hangzhou',
    bucket: 'photos',
    accessKeyId,
    accessKeySecret,
    ...options,
  });
}
