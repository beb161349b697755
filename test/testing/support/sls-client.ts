import core from '@alicloud/openapi-core';
import sls from '@alicloud/sls20201230';
import type { AlibabaCloudEmulator } from '../../../lib/testing/index.js';
import type { KeyPair } from './failure-of.js';

/** The real client of Simple Log Service. */
export function slsClient(
  cloud: AlibabaCloudEmulator,
  { accessKeyId, accessKeySecret }: KeyPair,
  options: object = {},
): InstanceType<typeof sls.default> {
  // The SDK puts the project before the endpoint, which must be a name therefore.
  const endpoint = cloud.endpoints.sls.replace('http://127.0.0.1', 'localhost');
  const config = { endpoint, protocol: 'http', accessKeyId, accessKeySecret, ...options };
  return new sls.default(new core.$OpenApiUtil.Config(config));
}
