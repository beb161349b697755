import { Agent } from 'node:https';
import PopCore from '@alicloud/pop-core';
import type { AlibabaCloudEmulator } from '../../../lib/testing/index.js';
import type { KeyPair } from './failure-of.js';

/** The real RPC client. */
export function acsClient(cloud: AlibabaCloudEmulator, { accessKeyId, accessKeySecret }: KeyPair): PopCore {
  const endpoint = cloud.endpoints.openapi;
  return new PopCore({ endpoint, apiVersion: '2014-05-26', accessKeyId, accessKeySecret });
}

/** The real RPC client, pointed at the shared KMS API. */
export function kmsClient(
  cloud: Pick<AlibabaCloudEmulator, 'endpoints' | 'certificates'>,
  { accessKeyId, accessKeySecret, securityToken }: KeyPair & { readonly securityToken?: string },
): PopCore {
  const opts = { agent: new Agent({ ca: cloud.certificates.ca }), method: 'POST' };
  const endpoint = cloud.endpoints.kms;
  const token = securityToken === undefined ? {} : { securityToken };
  return new PopCore({ endpoint, apiVersion: '2016-01-20', accessKeyId, accessKeySecret, ...token, opts });
}
