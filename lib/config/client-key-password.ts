import { readTextFile } from './read-file.js';
import type { SettingItem } from './setting-item.js';
import type { LayeredSettings } from './setting-source.js';

/** The settings of the official clients for the password of a client key; for a dedicated instance a last resort. */
const GENERAL = {
  password: 'client_key_password',
  fromEnvVariable: 'client_key_password_from_env_variable',
  fromFilePath: 'client_key_password_from_file_path',
};

const WAYS_TO_GIVE_IT =
  'Give it by "passwordFromFilePath" (a file), "passwordFromEnvVariable" (the name of an environment variable), ' +
  `"passwordFromFilePathName" (the name of a setting that holds a file's path), or the setting "${GENERAL.password}".`;

/**
 * Finds the password of an item's client key. The order is the official clients': the file, the environment variable,
 * the named file, the general settings. A name may be meant directly (the variable holds the password) or, as those
 * clients also read it, as the name of a setting that holds the variable's name.
 *
 * Values are never part of a message, not even names: people put the password itself there.
 */
export function findClientKeyPassword(item: SettingItem, settings: LayeredSettings): string | undefined {
  const inCode = item.text('password');
  if (inCode !== undefined) return inCode;
  if (item.text('passwordFromFilePath') !== undefined) {
    return passwordIn(item.file('passwordFromFilePath', true), item, 'passwordFromFilePath');
  }
  const general = findGeneralPassword(settings);
  const found =
    fromEnvVariable(item, settings, general !== undefined) ??
    fromNamedFile(item, settings, general !== undefined) ??
    general;
  if (found === undefined && !item.hasProblem(/^password/)) {
    item.report('clientKeyFile', 'no password for it was found', WAYS_TO_GIVE_IT);
  }
  return found;
}

/** The password by the general settings alone; undefined when they lead to none. */
export function findGeneralPassword(settings: LayeredSettings): string | undefined {
  const variable = settings.text(GENERAL.fromEnvVariable);
  const fromVariable = variable === undefined ? undefined : settings.text(variable);
  if (fromVariable !== undefined) return fromVariable;
  const path = settings.text(GENERAL.fromFilePath);
  const content = path === undefined ? undefined : readTextFile(path);
  const fromFile = content && 'text' in content ? content.text.trim() : '';
  return fromFile === '' ? settings.text(GENERAL.password) : fromFile;
}

function fromEnvVariable(
  item: SettingItem,
  settings: LayeredSettings,
  hasOther: boolean,
): string | undefined {
  const name = item.text('passwordFromEnvVariable');
  if (name === undefined) return undefined;
  const direct = settings.text(name);
  const indirect = direct === undefined ? undefined : settings.text(direct);
  if (direct === undefined && !hasOther && item.text('passwordFromFilePathName') === undefined) {
    item.report(
      'passwordFromEnvVariable',
      'the environment variable it names is not set',
      'It holds the NAME of a variable, and that variable the password. Set the variable, or correct the name.',
    );
  }
  return indirect ?? direct;
}

function fromNamedFile(item: SettingItem, settings: LayeredSettings, hasOther: boolean): string | undefined {
  const name = item.text('passwordFromFilePathName');
  if (name === undefined) return undefined;
  const content = readTextFile(settings.text(name) ?? name);
  if ('text' in content) return passwordIn(content.text, item, 'passwordFromFilePathName');
  if (!hasOther) {
    item.report(
      'passwordFromFilePathName',
      'no readable file was found by it',
      'It holds the NAME of a setting, and that setting the path of the password file. Set it, or use "passwordFromFilePath".',
    );
  }
  return undefined;
}

function passwordIn(content: string | undefined, item: SettingItem, field: string): string | undefined {
  const password = content?.trim();
  if (password !== '') return password;
  item.report(field, 'the file is empty', 'Put the password of the client key into it.');
  return undefined;
}
