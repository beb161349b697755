import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ConfigurationError } from '../../lib/config/configuration-error.js';
import { explainConnectionError } from '../../lib/kms/connection-problem.js';
import {
  ExampleFiles,
  loadDotenv,
  loadProperties,
  loadShell,
  openKms,
  runTypeScript,
  type LoadedExample,
} from './support/load-settings.js';
import { readPage, type CodeBlock } from './support/markdown.js';
import { keysThatAreRead } from './support/read-keys.js';

const page = readPage('docs/configuration.md');
const keys = keysThatAreRead();
const REGION = { cache_client_region_id: '[{"regionId":"cn-hangzhou"}]' };
let files: ExampleFiles;

beforeAll(() => {
  files = new ExampleFiles();
});
afterAll(() => files.remove());

/** The examples that are settings, whatever their language. */
const examples = page.blocks.filter(({ language, remark }) => language !== 'text' && remark === '');
const peerFiles = readPage('docs/migration.md').blocks.filter(({ language }) => language === 'properties');
const readmeSettings = readPage('README.md').blocks.filter(
  ({ code }) => code.startsWith('export ') || code.includes('\nManagedCredentialsModule.forRoot('),
);

async function load(block: CodeBlock): Promise<readonly LoadedExample[]> {
  const code = files.real(block.code);
  switch (block.language) {
    case 'sh':
      return [{ options: {}, settings: loadShell(code) }];
    case 'dotenv':
      return [{ options: {}, settings: loadDotenv(code, files) }];
    case 'properties':
      return [{ options: {}, settings: loadProperties(code, files) }];
    case 'ts':
      return runTypeScript({ ...block, code });
    default:
      throw new Error(`nothing loads ${block.language}`);
  }
}

/** Names that an example sets and no reader of settings knows, though another setting of it names them. */
function unknownSettings(settings: Readonly<Record<string, unknown>>): string[] {
  const said = JSON.stringify(Object.values(settings));
  return Object.keys(settings).filter((name) => !keys.settings.has(name) && !said.includes(name));
}

/** Fields that the objects of a JSON setting have and no reader knows. */
function unknownFields(value: unknown, known: ReadonlySet<string>): string[] {
  const items = (typeof value === 'string' ? JSON.parse(value) : (value ?? [])) as object[];
  return items.flatMap(Object.keys).filter((name) => !known.has(name) && name !== 'regionId');
}

describe('the examples of the configuration and migration pages and of the README', () => {
  it('are many', () => {
    expect(examples.length).toBeGreaterThan(30);
    expect(peerFiles).toHaveLength(4);
    expect(readmeSettings).toHaveLength(3);
  });

  it.each(
    [...examples, ...peerFiles, ...readmeSettings].map(
      (block) => [`${block.page}:${block.line} (${block.language})`, block] as const,
    ),
  )('%s is loaded without a problem, by keys that are known', async (_line, block) => {
    const loaded = await load(block);
    // Hooks are classes, which hand over no settings: that they compile is checked with all other code.
    expect(loaded.length > 0 || block.code.includes('class ')).toBe(true);
    for (const { options, settings } of loaded) {
      expect(unknownSettings(settings)).toEqual([]);
      expect(unknownFields(settings['cache_client_dkms_config_info'], keys.dedicated)).toEqual([]);
      expect(unknownFields(settings['cache_client_region_id'], keys.regions)).toEqual([]);
      const isAboutKms = options.kms?.dedicated ?? options.kms?.regions ?? options.configFile;
      const opened = openKms({
        options,
        settings: isAboutKms === undefined ? { ...REGION, ...settings } : settings,
      });
      expect(opened.settings.dedicated.length + opened.settings.regions.length).toBeGreaterThan(0);
      expect(opened.warnings).toEqual([]);
    }
  });

  it('say the same of the environment, an .env file, a properties file, a factory and code', async () => {
    const same = await Promise.all(examples.slice(0, 5).map(load));
    const read = same.flat().map((example) => {
      const { regions, credentials, secretNames } = openKms(example).settings;
      return { hosts: regions.map(({ hostname }) => hostname), credentials, secretNames };
    });
    expect(read).toHaveLength(5);
    for (const settings of read) expect(settings).toEqual(read[0]);
    expect(read[0]?.secretNames).toEqual(['ecs-operator', 'oss-writer']);
  });

  it('of a mistake give the error that the page shows', () => {
    const mistake = page.blocks.find(({ remark }) => remark === 'invalid');
    const error = page.blocks.find(({ language }) => language === 'text');
    const settings = loadShell(files.real(mistake?.code ?? ''));
    let said: unknown;
    try {
      openKms({ options: {}, settings });
    } catch (thrown) {
      said = thrown;
    }
    expect(said).toBeInstanceOf(ConfigurationError);
    expect(files.shown((said as ConfigurationError).message)).toBe(error?.code);
  });
});

describe('the TLS errors of the configuration page', () => {
  const section = page.prose.split(/^## /m).find((part) => part.startsWith('TLS\n')) ?? '';
  const rows = [...section.matchAll(/^\| (`.*?) +\| (.*?) +\|$/gm)].flatMap(
    ([, codes = '', explanation = '']) =>
      [...codes.matchAll(/`([A-Z_]+)`/g)].map(([, code = '']) => [code, explanation] as const),
  );

  it.each(rows)('%s is explained as the library does', (code, explanation) => {
    expect(explainConnectionError(code).explanation).toBe(explanation);
  });

  it('are those that people meet', () => {
    expect(rows.length).toBeGreaterThanOrEqual(8);
  });
});
