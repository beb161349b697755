import { describe, expect, it } from '@jest/globals';
import { ManagedCredentialsService, SecretRefreshService } from 'nestjs-aliyun-managed-credentials';

import { partsOf, testAcsClient } from '../support/app-fixture.js';
import { cloudSuite } from '../support/cloud-suite.js';
import { until } from '../support/poll.js';
import { RecordingLogger } from '../support/recording-logger.js';

const suite = cloudSuite(['acs-secret', 'third-secret']);

describe('the services', () => {
  it('give credentials, peek, refresh, provider and status', async () => {
    const app = await suite.start({ clients: [testAcsClient(suite.cloud)] });
    const service = app.get(ManagedCredentialsService);
    const info = suite.cloud.secret('acs-secret');
    await expect(service.getCredentials('acs-secret')).resolves.toMatchObject({
      accessKeyId: info.accessKeyId,
      accessKeySecret: info.accessKeySecret,
      versionId: info.versionId,
    });
    expect(service.peek('acs-secret')?.versionId).toBe(info.versionId);
    expect(service.peek('never-asked-for')).toBeUndefined();
    await expect(service.provider('acs-secret').getCredentials()).resolves.toBe(service.peek('acs-secret'));
    const [row] = service.status();
    expect(row).toMatchObject({ secretName: 'acs-secret', state: 'fresh', versionId: info.versionId });
    expect(row?.accessKeyId).toBe(`${info.accessKeyId.slice(0, 4)}****${info.accessKeyId.slice(-4)}`);
    expect(row?.nextRefreshAt).toBeGreaterThan(Date.now());
    expect(app.get(SecretRefreshService).nextRefreshAt('acs-secret')).toBe(row?.nextRefreshAt);
  });

  it('refuse a refresh that fails, whatever is cached', async () => {
    const app = await suite.start({ clients: [testAcsClient(suite.cloud)] });
    suite.cloud.fail('dedicatedKms', { status: 403, code: 'Forbidden.NoPermission' });
    await expect(app.get(ManagedCredentialsService).refresh('acs-secret')).rejects.toMatchObject({
      name: 'KmsError',
      code: 'Forbidden.NoPermission',
      secretName: 'acs-secret',
    });
  });

  it('report events to an Observable that completes at shutdown', async () => {
    const app = await suite.start({ clients: [testAcsClient(suite.cloud)] });
    const types: string[] = [];
    const completed = new Promise<void>((resolve) => {
      app
        .get(ManagedCredentialsService)
        .events.subscribe({ next: ({ type }) => types.push(type), complete: resolve });
    });
    suite.cloud.emergencyRotate('acs-secret');
    await partsOf(app).acs().request('DescribeRegions', {});
    await app.close();
    await completed;
    expect(types).toEqual(['keyExpired', 'kmsRequest', 'rotated', 'refreshed', 'callRetried', 'closed']);
  });

  it('log a rotation in one line, with masked keys', async () => {
    const logger = new RecordingLogger();
    const app = await suite.start({ logger, clients: [testAcsClient(suite.cloud)] });
    const before = suite.cloud.secret('acs-secret');
    const after = suite.cloud.rotate('acs-secret');
    await app.get(SecretRefreshService).refreshNow('acs-secret');
    expect(logger.lines.filter((line) => line.includes('rotated'))).toEqual([
      expect.stringMatching(
        `log: Secret "acs-secret" rotated from key LTAI.*${before.accessKeyId.slice(-4)} .* to key LTAI.*${after.accessKeyId.slice(-4)} .*${after.versionId}`,
      ),
    ]);
  });

  it('prewarm further secrets in the background; one that fails is a warning and tried again', async () => {
    const logger = new RecordingLogger();
    const app = await suite.start({
      logger,
      clients: [testAcsClient(suite.cloud)],
      settings: { secret_names: 'third-secret, no-such-secret' },
    });
    const service = app.get(ManagedCredentialsService);
    await expect(service.getCredentials('third-secret')).resolves.toBeDefined();
    await expect(service.getCredentials('no-such-secret')).rejects.toMatchObject({
      code: 'Forbidden.ResourceNotFound',
    });
    expect(logger.lines.join('\n')).toMatch(
      /warn: Secret "no-such-secret" could not be prewarmed and is tried again/,
    );
    expect(app.get(SecretRefreshService).nextRefreshAt('no-such-secret')).toBeLessThan(Date.now() + 5000);
  });

  it('ask KMS once for a misspelled name that many calls use, and serve it soon after the secret was made', async () => {
    const app = await suite.start({ clients: [testAcsClient(suite.cloud)] });
    const service = app.get(ManagedCredentialsService);
    const requests = () => suite.cloud.requests('dedicatedKms').length;
    const before = requests();
    const refused: unknown[] = [];
    for (let call = 0; call < 100; call++) {
      refused.push(await service.getCredentials('misspelled').catch((error: unknown) => error));
    }
    expect(requests() - before).toBe(1);
    expect(new Set(refused).size).toBe(1);
    expect(refused[0]).toMatchObject({
      name: 'KmsError',
      code: 'Forbidden.ResourceNotFound',
      secretName: 'misspelled',
    });
    const { versionId } = suite.cloud.createSecret('misspelled');
    const served = async () => (await service.getCredentials('misspelled')).versionId === versionId;
    await until(() => served().catch(() => false), 'the secret that was made');
    expect(service.status().map(({ secretName }) => secretName)).toEqual(['acs-secret', 'misspelled']);
  });

  it('fetch nothing at start-up when it is lazy', async () => {
    const app = await suite.start({ clients: [testAcsClient(suite.cloud)], options: { startup: 'lazy' } });
    expect(suite.cloud.requests('dedicatedKms')).toHaveLength(0);
    await expect(partsOf(app).acs().request('DescribeRegions', {})).resolves.toBeDefined();
    expect(suite.cloud.requests('dedicatedKms')).toHaveLength(1);
  });
});
