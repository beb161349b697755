import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ManagedCredentialsModuleOptions } from 'nestjs-aliyun-managed-credentials';
import { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { partsOf, startApp, testAcsClient, type AppParts } from './app-fixture.js';
import { RecordingLogger } from './recording-logger.js';
import { SecretScanner, textOf } from './secret-scanner.js';

/** Stands wherever a user or a server might put a secret; it has characters that every encoding changes. */
export const PLANTED = 'Pl4nted/+=& "Secret"\\0123456789';

/** Options of an application that gives up soon, and of one that does so later. */
export const SOON = giveUpAfter(300);
const LATER = giveUpAfter(5000);

function giveUpAfter(fetchTimeoutMs: number): ManagedCredentialsModuleOptions {
  return {
    startupTimeoutMs: fetchTimeoutMs + 100,
    expiredKeyWaitMs: 100,
    kms: { fetchTimeoutMs, connectTimeoutMs: fetchTimeoutMs / 2, readTimeoutMs: fetchTimeoutMs / 2 },
  };
}

/** A cloud whose secrets are looked for in all that applications say. */
export class RedactionFixture {
  readonly #scanner = new SecretScanner();
  readonly folder = mkdtempSync(join(tmpdir(), 'redaction-'));

  private constructor(readonly cloud: AlibabaCloudEmulator) {
    const { PrivateKeyData } = JSON.parse(cloud.clientKey.json) as { PrivateKeyData: string };
    const { accessKeySecret } = cloud.kmsIdentity;
    for (const secret of [
      PLANTED,
      cloud.clientKey.password,
      PrivateKeyData,
      accessKeySecret,
      cloud.oidc.token,
    ]) {
      this.#scanner.add(secret);
    }
  }

  static async start(): Promise<RedactionFixture> {
    return new RedactionFixture(await AlibabaCloudEmulator.start({ secrets: ['acs-secret', 'oss-secret'] }));
  }

  async stop(): Promise<void> {
    await this.cloud.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** Writes a file, and gives its path. */
  file(name: string, content: string): string {
    writeFileSync(join(this.folder, name), content);
    return join(this.folder, name);
  }

  /** The forms in which secrets are in the text. */
  secretsIn(text: string): string[] {
    return this.#scanner.findIn(text);
  }

  /**
   * All that an application says from its start, or the attempt of it, to its end.
   *
   * @param expected what it has to say; a busy machine gets more time for it
   */
  async allThatIsSaid(parts: AppParts, expected = /./): Promise<string> {
    const said = await this.#saidBy({ options: SOON, ...parts });
    return expected.test(said) ? said : `${said}\n${await this.#saidBy({ options: LATER, ...parts })}`;
  }

  async #saidBy(parts: AppParts): Promise<string> {
    for (const name of [
      'acs-secret',
      'oss-secret',
      ...(parts.clients ?? []).map(({ secretName }) => secretName),
    ]) {
      this.noteSecretOf(name);
    }
    const logger = new RecordingLogger();
    const said: string[] = [];
    try {
      const clients = [testAcsClient(this.cloud)];
      const app = await startApp(this.cloud, { clients, ...parts, logger });
      const { service } = partsOf(app);
      service.events.subscribe((event) => said.push(textOf(event)));
      said.push(textOf(service.status()), textOf(service.peek('acs-secret')), textOf(service));
      await app.close();
      await service.getCredentials('acs-secret').catch((error: unknown) => said.push(textOf(error)));
    } catch (error) {
      said.push(textOf(error));
    }
    return [...said, ...logger.lines].join('\n');
  }

  /** Looks for the newest key of this secret from now on, if it holds one. */
  noteSecretOf(name: string): void {
    try {
      this.#scanner.add(this.cloud.secret(name).accessKeySecret);
    } catch {
      // There is no key in it.
    }
  }
}
