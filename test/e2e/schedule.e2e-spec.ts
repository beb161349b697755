import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { Interval, ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { ManagedCredentialsService, SecretRefreshService } from 'nestjs-aliyun-managed-credentials';

import { testAcsClient, type AppParts } from '../support/app-fixture.js';
import { cloudSuite } from '../support/cloud-suite.js';

const suite = cloudSuite(['acs-secret']);

describe("beside the application's own schedule", () => {
  const WINDOW_MS = 1000;

  async function ticksWith(imports: AppParts) {
    @Injectable()
    class Ticker {
      ticks = 0;
      @Interval(100)
      tick() {
        this.ticks += 1;
      }
    }
    const app = await suite.start({ ...imports, providers: [Ticker] });
    jest.advanceTimersByTime(WINDOW_MS);
    return { app, ticks: app.get(Ticker).ticks };
  }

  afterEach(() => {
    jest.useRealTimers();
  });

  it('@Interval fires as often as without us, and our timers are listed', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    const { app, ticks } = await ticksWith({
      imports: [ScheduleModule.forRoot()],
      clients: [testAcsClient(suite.cloud)],
      options: { startup: 'lazy' },
    });
    expect(ticks).toBe(WINDOW_MS / 100);
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
    expect(ticks).toBe(0);
    jest.useRealTimers();
    await app.get(ManagedCredentialsService).getCredentials('acs-secret');
    expect(app.get(SecretRefreshService).nextRefreshAt('acs-secret')).toBeGreaterThan(Date.now());
  });
});

describe('the times of the schedule', () => {
  it('come from ConfigService: rotation_interval', async () => {
    const app = await suite.start({
      clients: [testAcsClient(suite.cloud)],
      settings: { rotation_interval: '3600000' },
      options: { refresh: { jitterMs: 0 } },
    });
    const inMs = (app.get(SecretRefreshService).nextRefreshAt('acs-secret') ?? 0) - Date.now();
    expect(inMs).toBeGreaterThan(3_590_000);
    expect(inMs).toBeLessThanOrEqual(3_600_000);
  });

  it('come from code before that', async () => {
    const app = await suite.start({
      clients: [testAcsClient(suite.cloud)],
      settings: { rotation_interval: '3600000' },
      options: { refresh: { jitterMs: 0, rotationIntervalMs: 1_800_000 } },
    });
    const inMs = (app.get(SecretRefreshService).nextRefreshAt('acs-secret') ?? 0) - Date.now();
    expect(inMs).toBeGreaterThan(1_790_000);
    expect(inMs).toBeLessThanOrEqual(1_800_000);
  });
});
