import type { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { parseClientKey } from '../../lib/kms/client-key.js';
import type { KmsIdentity } from '../../lib/kms/shared/kms-identity.js';
import { RamIdentity } from '../../lib/kms/shared/ram-identity.js';
import { SharedKmsClient, type SharedKmsClientOptions } from '../../lib/kms/shared/shared-kms-client.js';

/** Host and port of a URL. */
export function addressOf(url: string) {
  const { hostname, port } = new URL(url);
  return { hostname, port: Number(port) };
}

/** A client of the emulator's shared KMS. */
export function sharedKmsClient(
  cloud: AlibabaCloudEmulator,
  identity: KmsIdentity,
  more: Partial<SharedKmsClientOptions> = {},
): SharedKmsClient {
  return new SharedKmsClient({
    address: addressOf(cloud.endpoints.kms),
    identity,
    ca: cloud.certificates.ca,
    timeouts: { connectTimeoutMs: 5000, readTimeoutMs: 5000 },
    ...more,
  });
}

/** An identity whose provider gives one answer after the other, and the last of them from then on. */
export function ramIdentity(...answers: readonly object[]): KmsIdentity {
  let asked = 0;
  const provider = async () => answers[Math.min(asked++, answers.length - 1)];
  return { kind: 'ram', identity: new RamIdentity('the given provider', async () => provider) };
}

/** The client key of the emulator. */
export function clientKeyIdentity({ clientKey: { json, password } }: AlibabaCloudEmulator): KmsIdentity {
  return { kind: 'clientKey', clientKey: parseClientKey(json, password) };
}

/** The temporary key of a session, as the metadata server of an instance gives it. */
export async function sessionCredentials({ endpoints, role }: AlibabaCloudEmulator) {
  const path = `/latest/meta-data/ram/security-credentials/${role.name}`;
  const answer = await fetch(new URL(path, endpoints.metadata));
  const { AccessKeyId, AccessKeySecret, SecurityToken } = (await answer.json()) as Record<string, string>;
  return { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret, securityToken: SecurityToken };
}
