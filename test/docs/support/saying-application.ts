import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestingModule } from '@nestjs/testing';
import { SecretRefreshService } from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { partsOf, startApp, testAcsClient, type AppParts } from '../../support/app-fixture.js';
import { RecordingLogger } from '../../support/recording-logger.js';

/** The secret of its client. */
export const SECRET = 'ecs-operator';
/** The setting of dedicated KMS. */
export const DEDICATED = 'cache_client_dkms_config_info';

/** Starts applications against an emulated cloud, for what they say. */
export class SayingApplication {
  readonly folder = mkdtempSync(join(tmpdir(), 'said-'));

  private constructor(readonly cloud: AlibabaCloudEmulator) {}

  static async start(): Promise<SayingApplication> {
    const cloud = await AlibabaCloudEmulator.start({
      secrets: [SECRET],
      clientKeyForm: '3des',
    });
    cloud.createSecret('database', { type: 'generic', secretData: '{}' });
    return new SayingApplication(cloud);
  }

  async stop(): Promise<void> {
    await this.cloud.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** The lines of one application's log. */
  async run(
    parts: AppParts,
    act: (tools: ReturnType<typeof toolsOf> & { logger: RecordingLogger }) => Promise<unknown> = async () =>
      undefined,
  ): Promise<readonly string[]> {
    const logger = new RecordingLogger();
    const clients = [testAcsClient(this.cloud, SECRET)];
    // Of a start that fails, what was said until then.
    const app = await startApp(this.cloud, { clients, ...parts, logger }).catch(() => undefined);
    if (app === undefined) return logger.lines;
    try {
      await act({ ...toolsOf(app), logger });
    } finally {
      await app.close();
    }
    return logger.lines;
  }

  /** Why an application does not start. */
  async failure(parts: AppParts): Promise<string> {
    const clients = [testAcsClient(this.cloud, SECRET)];
    const start = startApp(this.cloud, { clients, ...parts });
    return start.then(
      async (app) => {
        await app.close();
        return 'it has started';
      },
      (error: unknown) => (error as Error).message,
    );
  }

  /** A failure that is tried again until the time of the start is over: as short as the machine allows. */
  async temporaryFailure({ options, ...parts }: AppParts): Promise<string> {
    let said = '';
    for (let startupTimeoutMs = 300; startupTimeoutMs < 10_000; startupTimeoutMs *= 2) {
      said = await this.failure({ ...parts, options: { ...options, startupTimeoutMs } });
      if (!/has not answered yet|was not there within/.test(said)) break;
    }
    return said;
  }

  /** The settings of dedicated KMS with some fields changed. */
  item(change: object) {
    const [usual] = JSON.parse(this.cloud.env[DEDICATED] ?? '[]') as object[];
    return { [DEDICATED]: [{ ...usual, ...change }] };
  }

  /** A file, by its path. */
  file(name: string, content: string): string {
    writeFileSync(join(this.folder, name), content);
    return join(this.folder, name);
  }
}

function toolsOf(app: TestingModule) {
  const refreshes = app.get(SecretRefreshService);
  return {
    ...partsOf(app),
    acs: () => partsOf(app).acs(SECRET),
    refresh: (name: string) => refreshes.refreshNow(name),
  };
}
