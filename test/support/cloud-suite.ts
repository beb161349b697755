import { afterAll, afterEach, beforeAll } from '@jest/globals';
import type { TestingModule } from '@nestjs/testing';
import {
  AlibabaCloudEmulator,
  type AlibabaCloudEmulatorOptions,
} from 'nestjs-aliyun-managed-credentials/testing';

import { startApp, type AppParts } from './app-fixture.js';

/** An emulated cloud for the tests of one file, and the applications that one test starts. */
export interface CloudSuite {
  readonly cloud: AlibabaCloudEmulator;
  /** Starts an application; it is closed after the test. */
  start(parts?: AppParts): Promise<TestingModule>;
  /** Has an application that a test started by itself closed after the test. */
  closeLater(app: TestingModule): void;
  /** Leaves an application to the test that started it. */
  forget(app: TestingModule): void;
}

/** Starts the cloud before all tests of the file, and clears what a test left behind. */
export function cloudSuite(
  secrets: readonly string[],
  options: AlibabaCloudEmulatorOptions = {},
): CloudSuite {
  const apps: TestingModule[] = [];
  let running: AlibabaCloudEmulator | undefined;
  const suite: CloudSuite = {
    get cloud() {
      if (running === undefined) throw new Error('the cloud is there only while tests run');
      return running;
    },
    async start(parts) {
      const app = await startApp(suite.cloud, parts);
      apps.push(app);
      return app;
    },
    closeLater: (app) => void apps.push(app),
    forget: (app) => void apps.splice(apps.indexOf(app), 1),
  };
  beforeAll(async () => {
    running = await AlibabaCloudEmulator.start({ ...options, secrets });
  });
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
    suite.cloud.clearFaults();
    suite.cloud.clearRequests();
  });
  afterAll(() => running?.stop());
  return suite;
}
