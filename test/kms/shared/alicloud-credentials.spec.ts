import { afterEach, describe, expect, it } from '@jest/globals';

import { createAlicloudCredential } from '../../../lib/kms/shared/alicloud-credentials.js';
import { RamIdentity } from '../../../lib/kms/shared/ram-identity.js';

const CHAIN = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAI5tExampleExample',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'planted-secret-0123456789',
};
afterEach(() => {
  for (const name of Object.keys(CHAIN)) delete process.env[name];
});

describe('credentials of @alicloud/credentials', () => {
  it('come from the default chain when no kind is named', async () => {
    Object.assign(process.env, CHAIN);
    const credential = await createAlicloudCredential();
    await expect(credential.getCredential()).resolves.toMatchObject({
      accessKeyId: CHAIN.ALIBABA_CLOUD_ACCESS_KEY_ID,
      accessKeySecret: CHAIN.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    });
  });

  it('are of the kind that is named, whatever the default chain would give', async () => {
    Object.assign(process.env, CHAIN);
    const identity = new RamIdentity('an assumed role', async () => {
      const credential = await createAlicloudCredential({
        type: 'ram_role_arn',
        accessKeyId: CHAIN.ALIBABA_CLOUD_ACCESS_KEY_ID,
        accessKeySecret: CHAIN.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
        roleArn: 'acs:ram::1234567890123456:role/kms-reader',
        stsEndpoint: 'localhost:1',
      });
      return () => credential.getCredential();
    });
    await expect(identity.get('app')).rejects.toMatchObject({
      code: 'KmsIdentityUnavailable',
      temporary: true,
      message: expect.stringContaining('(an assumed role) could not be had (ECONNREFUSED)'),
    });
  });
});
