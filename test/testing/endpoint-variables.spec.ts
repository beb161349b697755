import { describe, expect, test } from '@jest/globals';
import { AlibabaCloudEmulator } from '../../lib/testing/alibaba-cloud-emulator.js';
import type { EmulatorTarget } from '../../lib/testing/emulator-target.js';

describe('the endpoint variables of an app', () => {
  test('stand in every environment, beside the settings', async () => {
    const cloud = await AlibabaCloudEmulator.start({
      endpointVariables: { ECS_ENDPOINT: 'openapi', OSS_ENDPOINT: 'oss' },
    });
    const { openapi, oss } = cloud.endpoints;
    const addresses = { ECS_ENDPOINT: openapi, OSS_ENDPOINT: oss };
    for (const env of [cloud.env, cloud.dedicatedKmsEnv()]) {
      expect(env).toEqual({ ...addresses, cache_client_dkms_config_info: expect.any(String) });
    }
    expect(cloud.sharedKmsEnv()).toMatchObject({ ...addresses, credentials_type: 'ak' });
    await cloud.stop();
  });

  test('are refused with a name that no shell takes, and for a service that does not exist', async () => {
    const start = (name: string, target: string) =>
      AlibabaCloudEmulator.start({ endpointVariables: { [name]: target as EmulatorTarget } });
    await expect(start('A=1; reboot', 'oss')).rejects.toThrow("'A=1; reboot' is no name of an environment");
    await expect(start('ECS_ENDPOINT', 'ecs')).rejects.toThrow("Unknown target 'ecs'");
  });
});
