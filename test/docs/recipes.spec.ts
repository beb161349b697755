import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { allPages, readPage, resolveLink, ROOT } from './support/markdown.js';

const INDEX = 'docs/recipes/README.md';
const FOLDER = 'sample/recipes';
const pages = allPages().filter(({ path }) => path.startsWith('docs/recipes/') && path !== INDEX);
const files = readdirSync(join(ROOT, FOLDER), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `${FOLDER}/${file}`);

/** The files that a page shows, by the comment before each. */
const shownFiles = pages.flatMap(({ path }) => {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const shown = text.matchAll(/<!-- file: (\S+) -->\n\n```(\w+)\n([^]*?)\n```/g);
  return [...shown].map(([, file = '', language = '', code = '']) => ({ page: path, file, language, code }));
});

describe('the pages of the recipes', () => {
  it('show each file of the recipes once, and no other', () => {
    expect(shownFiles.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
  });

  it.each(shownFiles.map((shown) => [shown.page, shown.file, shown] as const))(
    '%s shows %s as it is tested',
    (_page, file, { code }) => {
      expect(`${code}\n`).toBe(readFileSync(join(ROOT, file), 'utf8'));
    },
  );

  it.each(pages.map((page) => [page.path, page] as const))(
    '%s names the version of its package that is tested',
    (_path, page) => {
      const text = `${page.prose}${page.blocks.map(({ code }) => code).join('\n')}`;
      const [, name = '', version = ''] = /Tested with `([^`]+)` (\d+\.\d+\.\d+)/.exec(page.prose) ?? [];
      const manifest: unknown = JSON.parse(
        readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'),
      );
      expect(manifest).toMatchObject({ name, version });
      expect(text).toMatch(new RegExp(`npm install .*${name}\\b`));
    },
  );

  it('are all listed by their index', () => {
    const index = readPage(INDEX);
    const targets = index.links.map((link) => resolveLink(index, link)?.path ?? '');
    expect(targets.filter((path) => path.startsWith('docs/recipes/')).toSorted()).toEqual(
      pages.map(({ path }) => path).toSorted(),
    );
  });

  it('have a test each', () => {
    const tested = readdirSync(join(ROOT, 'test/e2e/recipes')).map((file) =>
      file.replace('.e2e-spec.ts', ''),
    );
    expect(tested.toSorted()).toEqual(
      pages.map(({ path }) => path.replace('docs/recipes/', '').replace('.md', '')).toSorted(),
    );
  });
});
