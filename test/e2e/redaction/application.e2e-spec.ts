import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AK_EXPIRE_HANDLER,
  ManagedCredentialsService,
  SECRET_NAME_RESOLVER,
  SECRET_RECOVERY,
} from 'nestjs-aliyun-managed-credentials';

import { buildApp, partsOf, startApp, testAcsClient, testOssClient } from '../../support/app-fixture.js';
import { RecordingLogger } from '../../support/recording-logger.js';
import { PLANTED, RedactionFixture, SOON } from '../../support/redaction-fixture.js';
import { textOf } from '../../support/secret-scanner.js';

let fixture: RedactionFixture;
beforeAll(async () => {
  fixture = await RedactionFixture.start();
});
afterAll(() => fixture.stop());

describe('no secret is said when the application itself fails:', () => {
  const failing = () => Promise.reject(Object.assign(new Error(PLANTED), { data: PLANTED }));
  const throwing = () => {
    throw new Error(PLANTED);
  };

  it('the provider of RAM credentials', async () => {
    const provider = { getCredentials: failing };
    const kms = {
      ...SOON.kms,
      regions: [{ endpoint: new URL(fixture.cloud.endpoints.kms).host, ca: fixture.cloud.certificates.ca }],
    };
    const said = await fixture.allThatIsSaid({
      options: { ...SOON, kms: { ...kms, credentials: provider } },
    });
    expect(said).toMatch(/KmsIdentityUnavailable|could not be had/);
    expect(fixture.secretsIn(said)).toEqual([]);
  });

  it('the resolver of names', async () => {
    for (const resolveSecretName of [throwing, failing, () => ({ PLANTED }) as unknown as string]) {
      const providers = [{ provide: SECRET_NAME_RESOLVER, useValue: { resolveSecretName } }];
      const said = await fixture.allThatIsSaid({ providers });
      expect(said).toMatch(/SECRET_NAME_RESOLVER/);
      expect(fixture.secretsIn(said)).toEqual([]);
    }
  });

  it('the recovery', async () => {
    const fault = fixture.cloud.fail('dedicatedKms', { status: 503 }, Infinity);
    for (const recoverSecret of [failing, async () => ({ secretData: PLANTED })]) {
      const said = await fixture.allThatIsSaid({
        providers: [{ provide: SECRET_RECOVERY, useValue: { recoverSecret } }],
      });
      expect(said).toMatch(/could not be fetched/);
      expect(fixture.secretsIn(said)).toEqual([]);
    }
    fault.clear();
  });

  it('the AK expire handler', async () => {
    const fault = fixture.cloud.fail('openapi', { status: 403, code: 'Forbidden' }, Infinity);
    const providers = [{ provide: AK_EXPIRE_HANDLER, useValue: { judgeAkExpire: throwing } }];
    const logger = new RecordingLogger();
    const app = await startApp(fixture.cloud, { clients: [testAcsClient(fixture.cloud)], providers, logger });
    await expect(partsOf(app).acs().request('DescribeRegions', {})).rejects.toMatchObject({
      code: 'Forbidden',
    });
    await app.close();
    fault.clear();
    expect(logger.lines.join('\n')).toMatch(/handler threw/);
    expect(fixture.secretsIn(logger.lines.join('\n'))).toEqual([]);
  });
});

describe('no secret is said when calls fail', () => {
  it('for good, in any SDK', async () => {
    const logger = new RecordingLogger();
    const clients = [testAcsClient(fixture.cloud), testOssClient(fixture.cloud)];
    const app = await startApp(fixture.cloud, { clients, options: { expiredKeyWaitMs: 100 }, logger });
    const { service, acs, oss } = partsOf(app);
    const said: string[] = [];
    service.events.subscribe((event) => said.push(textOf(event)));
    for (const name of ['acs-secret', 'oss-secret']) {
      fixture.noteSecretOf(name);
      fixture.cloud.revoke(fixture.cloud.secret(name).accessKeyId);
    }
    const errors = await Promise.allSettled([
      acs().request('DescribeRegions', {}),
      acs().request('DescribeRegions', {}, { method: 'GET' }),
      oss().head('x'),
      oss().put('x', Buffer.from('x')),
      oss().getStream('x'),
    ]);
    // The SDKs' own errors may hold signatures, but never what these were made with.
    for (const outcome of errors) said.push(textOf(outcome));
    expect(errors.every(({ status }) => status === 'rejected')).toBe(true);
    for (const client of [acs(), oss()]) said.push(textOf(client));
    await app.close();
    expect(fixture.secretsIn([...said, ...logger.lines].join('\n'))).toEqual([]);
  });
});

describe('no secret is in the file cache', () => {
  it('in a form that can be read, nor in the warning about a broken file', async () => {
    const directory = join(fixture.folder, 'cache');
    fixture.cloud.createSecret('cached');
    const parts = {
      clients: [testAcsClient(fixture.cloud, 'cached')],
      options: { fileCache: { directory, key: Buffer.alloc(32, 7) } },
    };
    const app = await buildApp(fixture.cloud, parts);
    await app.get(ManagedCredentialsService).getCredentials('cached');
    await app.close();
    fixture.noteSecretOf('cached');
    const [name = ''] = readdirSync(directory);
    const content = readFileSync(join(directory, name));
    expect(fixture.secretsIn(content.toString('latin1'))).toEqual([]);
    writeFileSync(join(directory, name), Buffer.concat([content.subarray(0, -1), Buffer.from([0])]));
    const fault = fixture.cloud.fail('dedicatedKms', { status: 503 }, Infinity);
    const said = await fixture.allThatIsSaid({ ...parts, options: { ...SOON, ...parts.options } });
    expect(said).toMatch(/cached/);
    expect(fixture.secretsIn(said)).toEqual([]);
    fault.clear();
  });
});
