import type { TestingModule } from '@nestjs/testing';
import { ManagedCredentialsService, type ManagedClientDefinition } from 'nestjs-aliyun-managed-credentials';
import {
  AlibabaCloudEmulator,
  type AlibabaCloudEmulatorOptions,
} from 'nestjs-aliyun-managed-credentials/testing';

import { startApp } from '../../support/app-fixture.js';

/** The secret whose key all calls of the tables are signed with. */
export const SECRET = 'matrix-secret';

/** A cloud, and an application with the clients of some tables. */
export interface ManagedApp {
  readonly cloud: AlibabaCloudEmulator;
  readonly secretName: string;
  readonly app: TestingModule;
  /** Lets the module learn of a rotation, if there was one. */
  learnNewKey(): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts both. */
export async function startManagedApp(
  clientsOf: (cloud: AlibabaCloudEmulator) => readonly ManagedClientDefinition[],
  options: AlibabaCloudEmulatorOptions = {},
): Promise<ManagedApp> {
  const cloud = await AlibabaCloudEmulator.start({ secrets: [SECRET], ...options });
  const app = await startApp(cloud, { clients: clientsOf(cloud) });
  const service = app.get(ManagedCredentialsService);
  return {
    cloud,
    secretName: SECRET,
    app,
    async learnNewKey() {
      const isCurrent = service.peek(SECRET)?.accessKeyId === cloud.secret(SECRET).accessKeyId;
      return isCurrent || service.refresh(SECRET);
    },
    async close() {
      await app.close();
      await cloud.stop();
    },
  };
}
