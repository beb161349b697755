import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ManagedCredentialsModuleOptions } from 'nestjs-aliyun-managed-credentials';
import { ManagedCredentialsTelemetry } from 'nestjs-aliyun-managed-credentials/opentelemetry';

import { EncryptedFileCache } from '../../../lib/file-cache/encrypted-file-cache.js';
import { readRules } from '../../support/alert-rules.js';
import { partsOf, testAcsClient } from '../../support/app-fixture.js';
import { cloudSuite } from '../../support/cloud-suite.js';
import { until } from '../../support/poll.js';
import { evaluate, parseQuery } from '../../support/prom-query.js';
import type { Sample } from '../../support/prom-samples.js';
import { TelemetryRecorder } from '../../support/telemetry-recorder.js';

const MINUTE = 60_000;
const SECRET = 'acs-secret';
const suite = cloudSuite([SECRET]);
const rules = readRules().groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(
  readFileSync(
    fileURLToPath(new URL('../../../docs/observability/grafana-dashboard.json', import.meta.url)),
    'utf8',
  ),
) as {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { expr: string }[] }[];
};
let recorder: TelemetryRecorder;

beforeEach(() => {
  recorder = new TelemetryRecorder().register();
});
afterEach(() => void jest.restoreAllMocks());

async function start(options: ManagedCredentialsModuleOptions = {}) {
  const app = await suite.start({
    providers: [ManagedCredentialsTelemetry],
    clients: [testAcsClient(suite.cloud)],
    options: { kms: { fetchTimeoutMs: 300 }, ...options },
  });
  const { acs, service } = partsOf(app);
  const call = () => acs().request('DescribeRegions', {});
  return { service, call };
}

/** The alerts whose condition is met, before their `for` is over. */
async function active(before?: readonly Sample[]): Promise<readonly string[]> {
  const now = await recorder.samples();
  return rules
    .filter(({ expr }) => evaluate(parseQuery(expr), now, before ?? now).length > 0)
    .map(({ alert }) => alert);
}

/** What the panel about secrets that are not fresh shows: the state and the number of processes. */
async function notFresh(): Promise<readonly (readonly [string | undefined, number])[]> {
  const panel = panels.find(({ title }) => title === 'Secrets that are not fresh');
  const samples = await recorder.samples();
  return (panel?.targets ?? [])
    .flatMap(({ expr }) => evaluate(parseQuery(expr), samples, samples))
    .map(({ labels, value }) => [labels['managed_credentials_secret_state'], value]);
}

describe('alerts and the panel of secrets that are not fresh', () => {
  it('are silent about a secret that nothing has needed yet, and about a fresh one', async () => {
    const { call } = await start({ startup: 'lazy' });
    expect([await active(), await notFresh()]).toEqual([[], []]);
    await call();
    expect(await recorder.samples()).not.toEqual([]);
    expect([await active(), await notFresh()]).toEqual([[], []]);
  });

  it('wake nobody while a refused key is being replaced', async () => {
    const { call } = await start({ expiredKeyWaitMs: 20_000 });
    const before = await recorder.samples();
    suite.cloud.revoke(suite.cloud.secret(SECRET).accessKeyId);
    const calling = call();
    await until(async () => (await notFresh()).length > 0, 'the key is being replaced');
    expect([await active(before), await notFresh()]).toEqual([[], [['stale', 1]]]);
    suite.cloud.rotate(SECRET);
    await calling;
    expect([await active(before), await notFresh()]).toEqual([[], []]);
  });

  it('wake nobody when KMS fails once, with a key that it has just confirmed', async () => {
    const { service } = await start();
    suite.cloud.fail('dedicatedKms', { status: 503 }, Infinity);
    await service.refresh(SECRET).catch(() => undefined);
    expect([await active(), await notFresh()]).toEqual([[], [['stale', 1]]]);
  });

  it('tell of a key that KMS last confirmed long ago and cannot confirm now', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'alerts-'));
    const fileCache = { directory, key: 'passphrase' };
    const cache = new EncryptedFileCache(fileCache, () => undefined);
    const { accessKeyId, accessKeySecret, versionId } = suite.cloud.secret(SECRET);
    const secretData = JSON.stringify({ AccessKeyId: accessKeyId, AccessKeySecret: accessKeySecret });
    const value = { secretName: SECRET, versionId, secretData };
    cache.store({ secretName: SECRET, value, fetchedAt: Date.now() - 20 * MINUTE });
    await cache.flush();
    suite.cloud.fail('dedicatedKms', { status: 503 }, Infinity);
    const { call } = await start({ fileCache });
    await call();
    expect([await active(), await notFresh()]).toEqual([['ManagedCredentialsStale'], [['stale', 1]]]);
    rmSync(directory, { recursive: true });
  });

  it('tell of the first key already that KMS does not replace', async () => {
    const { call, service } = await start({ expiredKeyWaitMs: 0 });
    const before = await recorder.samples();
    suite.cloud.revoke(suite.cloud.secret(SECRET).accessKeyId);
    await call().catch(() => undefined);
    expect([await active(before), await notFresh()]).toEqual([
      ['ManagedCredentialsFailing', 'ManagedCredentialsNotReplaced'],
      [['failing', 1]],
    ]);
    suite.cloud.rotate(SECRET);
    await service.refresh(SECRET);
    expect([await active(), await notFresh()]).toEqual([[], []]);
  });

  it('tell of a secret of which KMS has given no key', async () => {
    const { call } = await start({ startup: 'lazy' });
    suite.cloud.denySecret(SECRET);
    await call().catch(() => undefined);
    suite.cloud.allowSecret(SECRET);
    expect([await active(), await notFresh()]).toEqual([['ManagedCredentialsFailing'], [['failing', 1]]]);
  });

  it('tell of a fetch that is late', async () => {
    await start();
    const later = Date.now() + 480 * MINUTE;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    expect([await active(), await notFresh()]).toEqual([['ManagedCredentialsRefreshLate'], []]);
  });
});
