import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, it } from '@jest/globals';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

const FIXTURE = fileURLToPath(new URL('../fixtures/shared-kms-credentials.mjs', import.meta.url));
const SECRETS = Array.from({ length: 20 }, (_, index) => `secret-${index}`);
let cloud: AlibabaCloudEmulator;
afterEach(() => cloud.stop());

/** Runs the application in a process of its own, against the built package. */
function run(
  env: Readonly<Record<string, string>>,
  seconds = 0,
): Promise<{ outcomes: object; errors: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [FIXTURE, String(seconds), ...SECRETS], {
      env: { PATH: process.env['PATH'], NODE_EXTRA_CA_CERTS: cloud.certificates.caFile, ...env },
      timeout: 20_000,
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (text: Buffer) => (output += String(text)));
    child.stderr.on('data', (text: Buffer) => (errors += String(text)));
    child.on('error', reject);
    child.on('close', () => {
      try {
        resolve({ outcomes: JSON.parse(output) as object, errors });
      } catch {
        reject(new Error(`no outcome: ${output}${errors}`));
      }
    });
  });
}

describe('the identity towards the shared KMS', () => {
  it.each(['ak', 'sts', 'ram_role', 'client_key', 'oidc_role_arn'] as const)(
    'of type %s is accepted',
    async (type) => {
      cloud = await AlibabaCloudEmulator.start({ secrets: SECRETS });
      const { outcomes, errors } = await run(cloud.sharedKmsEnv({ type }));
      expect(errors).toBe('');
      expect(outcomes).toEqual({ ok: SECRETS.length });
      expect(new Set(cloud.requests('kms').map(({ status }) => status))).toEqual(new Set([200]));
    },
    15_000,
  );

  it('by role is asked of STS once, however many secrets are fetched at the same time', async () => {
    cloud = await AlibabaCloudEmulator.start({ secrets: SECRETS });
    await run(cloud.sharedKmsEnv({ type: 'ram_role' }));
    expect(cloud.requests('sts')).toHaveLength(1);
  }, 15_000);

  it('whose session expires in the middle is renewed once for all fetches that meet it', async () => {
    cloud = await AlibabaCloudEmulator.start({ secrets: SECRETS, sts: { sessionMs: 1500 } });
    const { outcomes, errors } = await run(cloud.sharedKmsEnv({ type: 'ram_role' }), 4);
    expect(errors).toBe('');
    expect(Object.keys(outcomes)).toEqual(['ok']);
    const refused = cloud.requests('kms').filter(({ status }) => status !== 200).length;
    const sessions = cloud.requests('sts').length;
    expect(sessions).toBeGreaterThanOrEqual(3);
    expect(sessions).toBeLessThanOrEqual(5);
    expect(refused).toBeLessThanOrEqual(sessions * SECRETS.length);
  }, 20_000);

  it('that STS refuses is a clear error without secrets', async () => {
    cloud = await AlibabaCloudEmulator.start({ secrets: SECRETS });
    const env = {
      ...cloud.sharedKmsEnv({ type: 'ram_role' }),
      credentials_access_secret: 'planted-secret-0123456789',
    };
    const { outcomes, errors } = await run(env);
    expect(outcomes).toEqual({ KmsIdentityUnavailable: SECRETS.length });
    expect(errors).toMatch(
      /The RAM credentials for KMS \(an assumed role\) could not be had \(SignatureDoesNotMatch\): check the role/,
    );
    expect(errors).not.toContain('planted-secret');
    expect(errors).not.toMatch(/Signature=|StringToSign|HMAC/i);
  }, 15_000);
});
