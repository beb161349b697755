import { parse } from 'dot-properties';

import type { ProblemCollector } from './configuration-error.js';
import { readTextFile } from './read-file.js';
import type { SettingSource } from './setting-source.js';

/** The name of the official plugins' configuration file, looked for in the working directory. */
const DEFAULT_PROPERTIES_FILE = 'managed_credentials_providers.properties';

/**
 * Loads a properties file for `ConfigModule.forRoot({ load: [propertiesFile('kms.properties')] })`. The syntax is that
 * of java.util.Properties; values may hold `=` and `#`.
 *
 * @param path relative paths start at the working directory
 * @throws Error, when ConfigModule loads it, if there is no readable file
 */
export function propertiesFile(path: string = DEFAULT_PROPERTIES_FILE): () => Record<string, string> {
  return () => {
    const content = readTextFile(path);
    if ('text' in content) return parseProperties(content.text);
    throw new Error(`The properties file cannot be loaded: ${content.problem}.`);
  };
}

/**
 * The properties file as a source of settings.
 *
 * @param configFile its path; undefined for the default one, which may be missing; anything else, as `false`, for none
 */
export function propertiesSource(configFile: unknown, problems: ProblemCollector): SettingSource | undefined {
  const path = configFile ?? DEFAULT_PROPERTIES_FILE;
  if (typeof path !== 'string') return undefined;
  const content = readTextFile(path);
  if ('text' in content) {
    const settings = parseProperties(content.text);
    return { name: path, get: (key) => (Object.hasOwn(settings, key) ? settings[key] : undefined) };
  }
  if (configFile !== undefined || !content.isMissing) {
    problems.add(
      'configFile',
      content.problem,
      'Name a readable properties file, or set "configFile" to false to use none.',
    );
  }
  return undefined;
}

/** Reads the text of a properties file. */
export function parseProperties(text: string): Record<string, string> {
  const properties: Record<string, string> = {};
  for (const [key, value] of Object.entries(parse(text.replace(/^\uFEFF/, '')))) {
    // The parser only nests keys when it is told to.
    if (typeof value === 'string') properties[key] = value;
  }
  return properties;
}
