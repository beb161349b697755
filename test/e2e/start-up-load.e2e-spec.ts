import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from '@jest/globals';
import { managedClient, ManagedCredentialsService } from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { KmsAccess } from '../../lib/kms-access.js';
import { startApp } from '../support/app-fixture.js';
import { until } from '../support/poll.js';
import { secretValue } from '../support/scripted-kms.js';

const SECRETS = 1000;
const MOST_CONNECTIONS = 32;
const names = Array.from({ length: SECRETS }, (_, index) => `secret-${index}`);
const clients = names.map((secretName) =>
  managedClient({ token: secretName, secretName, create: () => ({}) }),
);

/** A KMS that takes 20 ms for an answer, and counts. How long the start takes is measured by the benchmark. */
function slowKms(secretNames: readonly string[] = []) {
  const counts = { underWay: 0, most: 0, fetches: 0 };
  const access = {
    open: () => ({ settings: { secretNames }, warnings: [] }),
    settings: undefined,
    async getSecretValue(secretName: string) {
      counts.fetches += 1;
      counts.underWay += 1;
      counts.most = Math.max(counts.most, counts.underWay);
      await sleep(20);
      counts.underWay -= 1;
      return secretValue(secretName, 1);
    },
    close: () => undefined,
  };
  return { access, counts };
}

describe('an application with 1,000 secrets', () => {
  it('is ready when KMS was asked once for each, 32 at a time', async () => {
    const cloud = await AlibabaCloudEmulator.start();
    const { access, counts } = slowKms();
    const app = await startApp(cloud, {
      clients,
      override: (builder) => builder.overrideProvider(KmsAccess).useValue(access),
    });
    expect(app.get(ManagedCredentialsService).status()).toHaveLength(SECRETS);
    expect(counts).toEqual({ underWay: 0, most: MOST_CONNECTIONS, fetches: SECRETS });
    await app.close();
    await cloud.stop();
  });

  it('prewarms them with 32 fetches at a time', async () => {
    const cloud = await AlibabaCloudEmulator.start();
    const { access, counts } = slowKms(names);
    const app = await startApp(cloud, {
      options: { secretNames: names },
      override: (builder) => builder.overrideProvider(KmsAccess).useValue(access),
    });
    await until(() => counts.fetches === SECRETS && counts.underWay === 0, 'all secrets are fetched', 15_000);
    expect(counts.most).toBe(MOST_CONNECTIONS);
    await app.close();
    await cloud.stop();
  });
});
