import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The files that an app's configuration points at, in a directory that only the current user may enter. */
export class CredentialFiles {
  readonly clientKeyFile: string;
  readonly passwordFile: string;
  readonly caFile: string;
  readonly oidcTokenFile: string;
  readonly #removeAtExit = (): void => rmSync(this.directory, { recursive: true, force: true });

  private constructor(readonly directory: string) {
    this.clientKeyFile = join(directory, 'clientKey.json');
    this.passwordFile = join(directory, 'password.txt');
    this.caFile = join(directory, 'ca.pem');
    this.oidcTokenFile = join(directory, 'oidc-token');
    process.once('exit', this.#removeAtExit);
  }

  /** Writes the files; they are removed at the end of the process at the latest. */
  static async write(content: {
    clientKey: string;
    password: string;
    ca: string;
    oidcToken: string;
  }): Promise<CredentialFiles> {
    // mkdtemp makes the directory with mode 0700.
    const files = new CredentialFiles(await mkdtemp(join(tmpdir(), 'alibaba-cloud-emulator-')));
    await Promise.all([
      writeFile(files.clientKeyFile, content.clientKey, { mode: 0o600 }),
      writeFile(files.passwordFile, content.password, { mode: 0o600 }),
      writeFile(files.caFile, content.ca),
      writeFile(files.oidcTokenFile, content.oidcToken, { mode: 0o600 }),
    ]);
    return files;
  }

  /** Removes them. */
  async remove(): Promise<void> {
    process.off('exit', this.#removeAtExit);
    await rm(this.directory, { recursive: true, force: true });
  }
}
