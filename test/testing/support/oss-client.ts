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

/** What makes the client send a security token, without its advice to refresh it. */
export function tokenOptions(stsToken: string): Partial<OSS.Options> {
  const refreshSTSToken = (): Promise<never> => Promise.reject(new Error('not needed'));
  return { stsToken, refreshSTSToken, refreshSTSTokenInterval: 1e9 };
}
