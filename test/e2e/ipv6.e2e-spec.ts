import { networkInterfaces } from 'node:os';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ManagedCredentialsEvent, ManagedCredentialsService } from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { kmsEndpointAttributes } from '../../lib/telemetry/event-attributes.js';
import { partsOf, startApp } from '../support/app-fixture.js';

/** Containers often have no IPv6, not even on loopback. */
const addresses = Object.values(networkInterfaces()).flatMap(
  (ones) => ones?.map(({ address }) => address) ?? [],
);
const host = addresses.includes('::1') ? '::1' : undefined;
let cloud: AlibabaCloudEmulator;

beforeAll(async () => {
  cloud = await AlibabaCloudEmulator.start({ secrets: ['acs-secret'], ...(host && { host }) });
});
afterAll(() => cloud.stop());

/** The request that a fetch makes. */
async function requestOf(service: ManagedCredentialsService) {
  const events: ManagedCredentialsEvent[] = [];
  service.events.subscribe((event) => events.push(event));
  await service.getCredentials('acs-secret');
  return events.find((event) => event.type === 'kmsRequest');
}

const describeWithIpv6 = host === undefined ? describe.skip : describe;

describeWithIpv6('a KMS endpoint with an address of IPv6', () => {
  it.each([
    ['dedicated', 'dedicatedKms', () => cloud.env],
    ['shared', 'kms', () => ({ cache_client_dkms_config_info: '', ...cloud.sharedKmsEnv() })],
  ] as const)('is asked, and named as in a URL: %s', async (_kind, target, settings) => {
    const app = await startApp(cloud, { settings: settings() });
    const request = await requestOf(partsOf(app).service);
    await app.close();
    const { port } = new URL(cloud.endpoints[target]);
    expect(request).toMatchObject({ endpoint: `[::1]:${port}`, outcome: 'ok' });
    expect(request && kmsEndpointAttributes(request)).toMatchObject({
      'server.address': '::1',
      'server.port': Number(port),
    });
  });
});
