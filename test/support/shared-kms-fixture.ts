import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import type { FetchLimits } from '../../lib/core/secret-value.js';
import { parseClientKey } from '../../lib/kms/client-key.js';
import type { KmsIdentity } from '../../lib/kms/shared/kms-identity.js';
import { RamIdentity } from '../../lib/kms/shared/ram-identity.js';
import { SharedKmsClient, type SharedKmsClientOptions } from '../../lib/kms/shared/shared-kms-client.js';

function addressOf(url: string) {
  const { hostname, port } = new URL(url);
  return { hostname, port: Number(port) };
}

/** An emulated cloud with the secret `app`, for the tests of one file, and clients of its shared KMS. */
export interface SharedKmsSuite {
  readonly cloud: AlibabaCloudEmulator;
  /** Makes a client, by default with a good access key; it is closed after the test. */
  client(identity?: KmsIdentity, more?: Partial<SharedKmsClientOptions>): SharedKmsClient;
}

/** Starts the cloud before all tests of the file, and clears what a test left behind. */
export function sharedKmsSuite(): SharedKmsSuite {
  const clients: SharedKmsClient[] = [];
  let running: AlibabaCloudEmulator | undefined;
  const suite: SharedKmsSuite = {
    get cloud() {
      if (running === undefined) throw new Error('the cloud is there only while tests run');
      return running;
    },
    client(identity = ramIdentity(suite.cloud.kmsIdentity), more = {}) {
      const client = new SharedKmsClient({
        address: addressOf(suite.cloud.endpoints.kms),
        identity,
        ca: suite.cloud.certificates.ca,
        timeouts: { connectTimeoutMs: 5000, readTimeoutMs: 5000 },
        ...more,
      });
      clients.push(client);
      return client;
    },
  };
  beforeAll(async () => {
    running = await AlibabaCloudEmulator.start({ secrets: ['app'] });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
    suite.cloud.clearFaults();
    suite.cloud.clearRequests();
  });
  afterAll(() => running?.stop());
  return suite;
}

/** Fetches the secret `app`, for as long as it takes. */
export function fetchApp(client: Pick<SharedKmsClient, 'getSecretValue'>, limits: Partial<FetchLimits> = {}) {
  return client.getSecretValue('app', { signal: new AbortController().signal, ...limits });
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
