import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

import { VERSION } from '../lib/version.js';
import { DeclarationReader, importedPackages } from './support/package-imports.js';

interface Manifest {
  readonly version: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
const optionalPeers = Object.keys(manifest.peerDependenciesMeta);

const entries = Object.entries(manifest.exports).flatMap(([name, target]) =>
  typeof target === 'string' ? [] : [{ name, ...target }],
);

/** The users of the packages that no file of lib/ imports. */
const USED_OTHERWISE: Readonly<Record<string, string>> = {
  'reflect-metadata': 'the decorators of Nest, which the application loads first',
  '@alicloud/openapi-client': 'the generated clients that an application hands to openApiClient',
  '@alicloud/openapi-core': 'the generated clients that an application hands to openApiClient',
  '@types/ali-oss': 'the declarations of the OSS clients, beside ali-oss, which has none',
};

describe('the package manifest', () => {
  const imported = importedPackages(join(ROOT, 'lib'));
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });

  it('declares every package that lib/ imports, and no other', () => {
    expect([...imported, ...Object.keys(USED_OTHERWISE)].toSorted()).toEqual(declared.toSorted());
  });

  it('makes optional peers only of packages that must be there for an entry of their own', () => {
    const ofOtherEntries = new Set([
      ...importedPackages(join(ROOT, 'lib/health')),
      ...importedPackages(join(ROOT, 'lib/telemetry')),
      '@alicloud/openapi-client',
      '@alicloud/openapi-core',
    ]);
    expect(optionalPeers.filter((peer) => !ofOtherEntries.has(peer))).toEqual([]);
    expect(Object.keys(manifest.peerDependencies)).toEqual(expect.arrayContaining(optionalPeers));
  });

  it('tells the version that the user agent tells', () => {
    expect(VERSION).toBe(manifest.version);
  });

  it('exports files that exist after the build', () => {
    const files = [
      ...entries.flatMap((entry) => [entry.types, entry.default]),
      ...Object.values(manifest.bin),
    ];
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    expect(entries.map(({ name }) => name)).toEqual([
      '.',
      './openapi',
      './terminus',
      './opentelemetry',
      './testing',
    ]);
  });

  it('makes programs of files that name their interpreter', () => {
    for (const file of Object.values(manifest.bin)) {
      expect(readFileSync(join(ROOT, file), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    }
  });
});

/** What `npm pack` would pack, as paths in the package. */
function packedFiles(): readonly string[] {
  const options = { cwd: ROOT, encoding: 'utf8' } as const;
  const answer = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], options);
  const [tarball] = JSON.parse(answer) as readonly [{ readonly files: readonly { readonly path: string }[] }];
  return tarball.files.map(({ path }) => path);
}

describe('the packed files', () => {
  it('are the compiled library and the texts for its readers', () => {
    const sources = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const compiled = sources.flatMap((file) =>
      ['.js', '.js.map', '.d.ts'].map((extension) => `dist/${file.replace(/\.ts$/, extension)}`),
    );
    const packed = packedFiles();
    const texts = packed.filter((file) => !file.startsWith('dist/'));
    expect(packed.filter((file) => file.startsWith('dist/')).toSorted()).toEqual(compiled.toSorted());
    expect(texts.filter((file) => !/^(?:README(?:\.zh-CN)?|CHANGELOG)\.md$/.test(file)).toSorted()).toEqual([
      'LICENSE',
      'package.json',
    ]);
  });
});

describe('the declarations', () => {
  const all = new DeclarationReader(entries.map(({ types }) => join(ROOT, types)));

  it('have no errors, for users who check those of libraries', () => {
    expect(all.problems()).toEqual([]);
  });

  it('of the root entry need no optional peer', () => {
    expect(all.packages()).toEqual(expect.arrayContaining(['@nestjs/terminus']));
    const packages = new DeclarationReader([join(ROOT, 'dist/index.d.ts')], all).packages();
    expect(packages).toEqual(expect.arrayContaining(['@nestjs/common', '@types/ali-oss', 'rxjs']));
    expect(packages.filter((name) => optionalPeers.includes(name))).toEqual([]);
  });
});
