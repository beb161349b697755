import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LIB = join(ROOT, 'lib');

interface Import {
  readonly file: string;
  /** A file of lib/, or the name of a package. */
  readonly target: string;
  readonly isPackage: boolean;
}

const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .toSorted();

const imports: Import[] = files.flatMap((file) => {
  const text = readFileSync(join(LIB, file), 'utf8');
  return [...text.matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    (match) => {
      const name = match[1] ?? match[2] ?? '';
      const isPackage = !name.startsWith('.');
      const target = isPackage ? name : normalize(join(dirname(file), name)).replace(/\.js$/, '.ts');
      return { file, target, isPackage };
    },
  );
});

/** The room of a file: its first folder, or `nest` for the files directly in lib/. */
const roomOf = (file: string) => (file.includes('/') ? (file.split('/')[0] ?? '') : 'nest');

/** For each room, the rooms it may import from. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  nest: ['nest', 'clients', 'kms', 'config', 'file-cache', 'core'],
  health: ['health', 'nest', 'core'],
  telemetry: ['telemetry', 'nest', 'core'],
  clients: ['clients', 'core'],
  kms: ['kms', 'core'],
  config: ['config', 'core'],
  'file-cache': ['file-cache', 'core'],
  core: ['core'],
  testing: ['testing'],
};

describe('the rooms of lib/', () => {
  it('are all known', () => {
    expect(new Set(files.map(roomOf))).toEqual(new Set(Object.keys(ALLOWED)));
  });

  it('import downwards only', () => {
    const wrong = imports
      .filter(({ isPackage }) => !isPackage)
      .filter(
        ({ file, target }) => target !== 'version.ts' && !ALLOWED[roomOf(file)]?.includes(roomOf(target)),
      )
      .map(({ file, target }) => `${file} -> ${target}`);
    expect(wrong).toEqual([]);
  });

  it('have no cycles', () => {
    const edges = new Map<string, string[]>();
    for (const { file, target, isPackage } of imports) {
      if (!isPackage) edges.set(file, [...(edges.get(file) ?? []), target]);
    }
    const cycles: string[] = [];
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]) => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      else if (!done.has(file)) {
        for (const target of edges.get(file) ?? []) visit(target, [...path, file]);
        done.add(file);
      }
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('do not import a barrel from inside', () => {
    expect(imports.filter(({ isPackage, target }) => !isPackage && target.endsWith('index.ts'))).toEqual([]);
  });

  it('keep Nest and the SDKs out of the core, which does no I/O', () => {
    const outside = imports.filter(({ file, isPackage }) => isPackage && roomOf(file) === 'core');
    expect([...new Set(outside.map(({ target }) => target))]).toEqual(['node:events', 'node:util']);
  });

  it('keep each SDK in its own folder', () => {
    const users = (sdk: RegExp) => [
      ...new Set(
        imports
          .filter(({ target, isPackage }) => isPackage && sdk.test(target))
          .map(({ file }) => dirname(file)),
      ),
    ];
    expect(users(/^@alicloud\/pop-core/)).toEqual(['clients/acs']);
    expect(users(/^ali-oss/)).toEqual(['clients/oss']);
    expect(users(/^@alicloud\/credentials/)).toEqual(['kms/shared']);
  });
});
