import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { ACS_SECRET, OSS_SECRET } from './secret-names.js';

/** The cloud that the demo runs against. */
export interface Cloud {
  readonly description: string;
  /** Replaces the key of one secret and revokes the old one at once, in turn; absent in a real cloud. */
  rotate?(): void;
  /** Requests that KMS has got; absent in a real cloud, which does not tell. */
  kmsCalls?(): number;
  stop(): Promise<void>;
}

/** A real cloud when the environment has KMS settings, else an emulated one, which then fills the environment. */
export async function startCloud(): Promise<Cloud> {
  if (process.env['cache_client_dkms_config_info']) {
    return { description: 'the KMS of your environment', stop: () => Promise.resolve() };
  }
  const secrets = [ACS_SECRET, OSS_SECRET];
  const emulator = await AlibabaCloudEmulator.start({ secrets });
  Object.assign(process.env, emulator.env, {
    ECS_ENDPOINT: emulator.endpoints.openapi,
    OSS_ENDPOINT: emulator.endpoints.oss,
  });
  let rotations = 0;
  return {
    description: 'an emulated Alibaba Cloud on this machine',
    rotate: () => {
      emulator.emergencyRotate(secrets[rotations++ % secrets.length] ?? ACS_SECRET);
    },
    kmsCalls: () => emulator.requests('dedicatedKms').length,
    stop: () => emulator.stop(),
  };
}
