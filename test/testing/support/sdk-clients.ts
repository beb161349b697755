import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import PopCore from '@alicloud/pop-core';
import OSS from 'ali-oss';
import type { AlibabaCloudEmulator } from '../../../lib/testing/index.js';

/** An AccessKey, as SDKs take it. */
export interface KeyPair {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** What an SDK's error tells. */
export interface SdkError extends Error {
  readonly code?: string;
  readonly status?: number;
}

/** The real RPC client. */
export function acsClient(cloud: AlibabaCloudEmulator, { accessKeyId, accessKeySecret }: KeyPair): PopCore {
  const endpoint = cloud.endpoints.openapi;
  return new PopCore({ endpoint, apiVersion: '2014-05-26', accessKeyId, accessKeySecret });
}

/** The real RPC client, pointed at the shared KMS API. */
export function kmsClient(cloud: AlibabaCloudEmulator, { accessKeyId, accessKeySecret }: KeyPair): PopCore {
  const opts = { agent: new HttpsAgent({ ca: cloud.certificates.ca }), method: 'POST' };
  const endpoint = cloud.endpoints.kms;
  return new PopCore({ endpoint, apiVersion: '2016-01-20', accessKeyId, accessKeySecret, opts });
}

/** The real OSS client. */
export function ossClient(
  cloud: AlibabaCloudEmulator,
  { accessKeyId, accessKeySecret }: KeyPair,
  options: Partial<OSS.Options> & { sldEnable?: boolean; agent?: HttpAgent } = {},
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

/** The error that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<SdkError> {
  try {
    await call;
  } catch (error) {
    return error as SdkError;
  }
  throw new Error('The call was expected to fail.');
}
