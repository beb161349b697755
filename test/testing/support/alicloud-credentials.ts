import * as credentials from '@alicloud/credentials';
import type { AlibabaCloudEmulator } from '../../../lib/testing/index.js';
import { sendPlain } from './rpc-caller.js';

/** What a credentials client hands out. */
export interface SdkCredentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string;
}

interface SdkRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyForm?: Readonly<Record<string, string>>;
  toRequestURL(): string;
}

interface SdkResponse {
  readonly statusCode: number;
  readonly headers: object;
  readonly body: Buffer;
}

interface SdkClient {
  getCredential(): Promise<SdkCredentials>;
  readonly credential: { readonly provider: { doRequest: (request: SdkRequest) => Promise<SdkResponse> } };
}

// A CommonJS package: its default export is one level deeper.
const { default: Credential } = credentials.default as unknown as {
  default: new (config: object) => SdkClient;
};

/**
 * The real credentials client. Only its transport is replaced, as its own tests do: it cannot be told a CA, nor
 * another address of the metadata server.
 */
export function credentialsClient(cloud: AlibabaCloudEmulator, config: object): SdkClient {
  const client = new Credential(config);
  client.credential.provider.doRequest = async (request) => {
    const url = request.toRequestURL().replace('http://100.100.100.200', cloud.endpoints.metadata);
    const form = Object.entries(request.bodyForm ?? {});
    const body = form.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    const { method, headers } = request;
    const ca = cloud.certificates.ca;
    const answer = await sendPlain(url, { method, headers, ca, ...(body === '' ? {} : { body }) });
    return { statusCode: answer.status, headers: answer.headers, body: Buffer.from(answer.text) };
  };
  return client;
}
