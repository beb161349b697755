import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as nestConfig from '@nestjs/config';
import * as library from 'nestjs-aliyun-managed-credentials';

import type { AppHooks } from '../../../lib/app-hooks.js';
import type { KmsSettings } from '../../../lib/config/kms-settings.js';
import { propertiesFile } from '../../../lib/config/properties-file.js';
import { KmsAccess } from '../../../lib/kms-access.js';
import { ManagedCredentialsEvents } from '../../../lib/managed-credentials.events.js';
import { vectorKeyPath, vectorPassword } from '../../support/dkms-vectors.js';
import type { CodeBlock } from './markdown.js';
import { runModule } from './run-module.js';

type Options = library.ManagedCredentialsModuleOptions;

/** What an example of settings says: as options, and as what ConfigService has. */
export interface LoadedExample {
  readonly options: Options;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The places that examples name, as they are on this machine. */
export class ExampleFiles {
  readonly folder = mkdtempSync(join(tmpdir(), 'examples-'));

  constructor() {
    copyFileSync(vectorKeyPath('clientKey.legacy3des.json'), join(this.folder, 'clientKey_KAAP.json'));
    copyFileSync(vectorKeyPath('password.txt'), join(this.folder, 'password.txt'));
    for (const instance of ['kst-hzz0000example', 'kst-shh0000example']) {
      copyFileSync(vectorKeyPath('ca.crt.pem'), join(this.folder, `PrivateKmsCA_${instance}.pem`));
    }
    writeFileSync(join(this.folder, 'cache.key'), Buffer.alloc(32));
    writeFileSync(join(this.folder, 'kms.properties'), 'cache_client_region_id=[{"regionId":"cn-hangzhou"}]');
  }

  /** An example with real paths and the password that fits. */
  real(code: string): string {
    return code.replaceAll('/etc/kms', this.folder).replaceAll('<password>', vectorPassword);
  }

  /** A text with the paths of the example. */
  shown(text: string): string {
    return text.replaceAll(this.folder, '/etc/kms');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** Runs a shell example, and gives what it exports. */
export function loadShell(code: string): Record<string, string> {
  const env = { PATH: process.env['PATH'] };
  const output = execFileSync('sh', ['-c', `${code}\nenv -0`], { env, encoding: 'utf8' });
  const pairs = output.split('\0').filter((pair) => pair !== '');
  const inherited = new Set(['PATH', 'PWD', 'SHLVL', 'OLDPWD', '_']);
  return Object.fromEntries(
    pairs
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const)
      .filter(([name]) => !inherited.has(name)),
  );
}

/** Loads an `.env` file by ConfigModule's own parser. */
export function loadDotenv(code: string, files: ExampleFiles): Record<string, unknown> {
  const path = join(files.folder, '.env');
  writeFileSync(path, code);
  const before = { ...process.env };
  void nestConfig.ConfigModule.forRoot({ envFilePath: path });
  const added = Object.entries(process.env).filter(([name]) => !(name in before));
  for (const [name] of added) delete process.env[name];
  return Object.fromEntries(added);
}

/** Loads a properties file as the module does. */
export function loadProperties(code: string, files: ExampleFiles): Record<string, string> {
  const path = join(files.folder, 'example.properties');
  writeFileSync(path, code);
  return propertiesFile(path)();
}

/** Runs an example in TypeScript, and gives what it hands to `forRoot()`, `forRootAsync()` or `ConfigModule`. */
export async function runTypeScript(block: CodeBlock): Promise<LoadedExample[]> {
  const examples: Promise<LoadedExample>[] = [];
  class RecordingModule extends library.ManagedCredentialsModule {
    static override forRoot(options: Parameters<typeof library.ManagedCredentialsModule.forRoot>[0] = {}) {
      const { clients: _, isGlobal: __, ...moduleOptions } = options;
      examples.push(Promise.resolve({ options: moduleOptions, settings: {} }));
      return super.forRoot(options);
    }
    static override forRootAsync(
      options: Parameters<typeof library.ManagedCredentialsModule.forRootAsync>[0],
    ) {
      examples.push(optionsOfFactory(options).then((made) => ({ options: made, settings: {} })));
      return super.forRootAsync(options);
    }
  }
  const ConfigModule = {
    forRoot: ({ load = [] }: { load?: (() => Record<string, unknown>)[] }) => {
      const settings = Object.fromEntries(load.flatMap((factory) => Object.entries(factory())));
      examples.push(Promise.resolve({ options: {}, settings }));
    },
  };
  await runModule(block, {
    'nestjs-aliyun-managed-credentials': { ...library, ManagedCredentialsModule: RecordingModule },
    '@nestjs/config': { ...nestConfig, ConfigModule },
  });
  return Promise.all(examples);
}

async function optionsOfFactory(
  asyncOptions: Parameters<typeof library.ManagedCredentialsModule.forRootAsync>[0],
): Promise<Options> {
  const { useFactory, useClass } = asyncOptions;
  if (useFactory !== undefined) return useFactory(new nestConfig.ConfigService());
  if (useClass === undefined) throw new Error('the example has neither useFactory nor useClass');
  return new useClass().createManagedCredentialsOptions();
}

/**
 * Reads the configuration as the module does at its start, client keys and certificates included.
 *
 * @throws ConfigurationError
 */
export function openKms({ options, settings }: LoadedExample): {
  readonly settings: KmsSettings;
  readonly warnings: readonly string[];
} {
  const config = new nestConfig.ConfigService({ ...settings });
  // The hooks are asked when a secret is fetched, which nobody does here.
  const kms = new KmsAccess(options, {} as AppHooks, new ManagedCredentialsEvents(), config);
  try {
    return kms.open();
  } finally {
    kms.close();
  }
}
