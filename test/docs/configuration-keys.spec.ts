import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

import { readPage, ROOT } from './support/markdown.js';
import { keysThatAreRead } from './support/read-keys.js';

const page = readPage('docs/configuration.md');
const keys = keysThatAreRead();
const text = page.prose + page.blocks.map(({ code }) => code).join('\n');

/** The fields of an interface, by its name and file. */
function fieldsOf(name: string, file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.ES2022);
  const found = source.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  if (found === undefined || !ts.isInterfaceDeclaration(found)) throw new Error(`no ${name} in ${file}`);
  return found.members.flatMap(({ name: field }) => (field && ts.isIdentifier(field) ? [field.text] : []));
}

/** The first cells of the table below a heading, without their ticks. */
function firstCells(heading: string): string[] {
  const section = page.prose.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = '']) => cell);
}

describe('the configuration page', () => {
  it('names each setting that is read, in its table, and no other', () => {
    expect(firstCells('Settings').toSorted()).toEqual([...keys.settings].toSorted());
  });

  it.each([
    ['Fields of an instance', 'DedicatedKmsOptions', keys.dedicated],
    ['Fields of a region', 'KmsRegionOptions', keys.regions],
  ])('names under "%s" each field that is read and each of %s, and no other', (heading, type, read) => {
    const fields = fieldsOf(type, 'lib/kms-options.ts');
    expect(firstCells(heading).toSorted()).toEqual([...new Set([...read, ...fields])].toSorted());
  });

  it('shows each field of kms.credentials', () => {
    expect(keys.credentials.size).toBeGreaterThan(20);
    expect([...keys.credentials].filter((field) => !new RegExp(`\\b${field}\\b`).test(text))).toEqual([]);
  });

  it('names each option in code, in its table, and no other', () => {
    const options = 'lib/managed-credentials.options.ts';
    const nested = [
      ...fieldsOf('KmsOptions', 'lib/kms-options.ts').map((field) => `kms.${field}`),
      ...fieldsOf('RefreshTimes', 'lib/core/refresh-policy.ts').map((field) => `refresh.${field}`),
    ];
    const top = [
      ...fieldsOf('ManagedCredentialsModuleOptions', options),
      ...fieldsOf('ManagedCredentialsModuleExtras', options),
    ].filter((field) => !nested.some((name) => name.startsWith(`${field}.`)));
    expect(firstCells('Options in code').toSorted()).toEqual([...nested, ...top].toSorted());
    const fileCache = fieldsOf('FileCacheOptions', 'lib/file-cache/encrypted-file-cache.ts');
    expect(fileCache.filter((field) => !page.codeSpans.has(field))).toEqual([]);
  });

  it('names each type of credentials that is known, and no other', () => {
    const types = firstCells('Who the application is').filter((cell) => cell !== 'credentials_type');
    const known = readFileSync(join(ROOT, 'lib/config/kms-credentials.ts'), 'utf8');
    const read = [...known.matchAll(/^ {6}case '(\w+)':/gm)].map(([, type = '']) => type);
    expect([...types, 'sts'].toSorted()).toEqual(read.toSorted());
  });
});
