import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { Cron, CronExpression, Interval, ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { ManagedCredentialsService, SecretRefreshService } from 'nestjs-aliyun-managed-credentials';

import { testAcsClient, type AppParts } from '../support/app-fixture.js';
import { cloudSuite } from '../support/cloud-suite.js';

const suite = cloudSuite(['acs-secret']);

describe("beside the application's own schedule", () => {
  const WINDOW_MS = 10_000;

  async function ticksWith(imports: AppParts) {
    @Injectable()
    class Ticker {
      intervals = 0;
      crons = 0;
      @Interval(100)
      onInterval() {
        this.intervals += 1;
      }
      @Cron(CronExpression.EVERY_SECOND)
      onCron() {
        this.crons += 1;
      }
    }
    const app = await suite.start({ ...imports, providers: [Ticker] });
    await jest.advanceTimersByTimeAsync(WINDOW_MS);
    const { intervals, crons } = app.get(Ticker);
    return { app, ticks: { intervals, crons } };
  }

  afterEach(() => {
    jest.useRealTimers();
  });

  it('@Interval and @Cron fire as often as without us, and our timers are listed', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const { app, ticks } = await ticksWith({
      imports: [ScheduleModule.forRoot()],
      clients: [testAcsClient(suite.cloud)],
      options: { startup: 'lazy' },
    });
    expect(ticks).toEqual({ intervals: WINDOW_MS / 100, crons: WINDOW_MS / 1000 });
    jest.useRealTimers();
    await app.get(ManagedCredentialsService).getCredentials('acs-secret');
    expect(app.get(SchedulerRegistry).getTimeouts()).toEqual(['managed-credentials:acs-secret']);
    await app.close();
    expect(app.get(SchedulerRegistry).getTimeouts()).toEqual([]);
  });

  it('nothing fires, and nothing is missing, without a ScheduleModule', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const { app, ticks } = await ticksWith({
      clients: [testAcsClient(suite.cloud)],
      options: { startup: 'lazy' },
    });
    expect(ticks).toEqual({ intervals: 0, crons: 0 });
    jest.useRealTimers();
    await app.get(ManagedCredentialsService).getCredentials('acs-secret');
    expect(app.get(SecretRefreshService).nextRefreshAt('acs-secret')).toBeGreaterThan(Date.now());
  });
});

describe('the times of the schedule', () => {
  const MINUTE_MS = 60_000;

  /** In how many minutes the secret is fetched next, without jitter. */
  async function nextRefreshIn({ options, ...parts }: AppParts) {
    const app = await suite.start({
      clients: [testAcsClient(suite.cloud)],
      ...parts,
      options: { ...options, refresh: { jitterMs: 0, ...options?.refresh } },
    });
    const at = app.get(SecretRefreshService).nextRefreshAt('acs-secret') ?? 0;
    return Math.round((at - Date.now()) / MINUTE_MS);
  }

  it('come from ConfigService: rotation_interval', async () => {
    expect(await nextRefreshIn({ settings: { rotation_interval: '3600000' } })).toBe(60);
  });

  it('come from ConfigService: delay_interval, after a rotation that KMS has announced', async () => {
    suite.cloud.rotate('acs-secret', { nextRotationAt: Date.now() + 10 * MINUTE_MS });
    expect(await nextRefreshIn({ settings: { delay_interval: String(20 * MINUTE_MS) } })).toBe(30);
    suite.cloud.rotate('acs-secret');
  });

  it('come from the properties file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'schedule-'));
    const configFile = join(folder, 'kms.properties');
    writeFileSync(configFile, `rotation_interval=${45 * MINUTE_MS}\n`);
    expect(await nextRefreshIn({ options: { configFile } })).toBe(45);
    rmSync(folder, { recursive: true });
  });

  it('come from code before that', async () => {
    const options = { refresh: { rotationIntervalMs: 30 * MINUTE_MS } };
    expect(await nextRefreshIn({ settings: { rotation_interval: '3600000' }, options })).toBe(30);
  });
});
