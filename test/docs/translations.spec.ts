import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { allPages, readPage, resolveLink, ROOT, type Page } from './support/markdown.js';
import { TRANSLATED_HEADINGS } from './support/translated-headings.js';

/** The pages that there are in English alone; the recipes are too. */
const ENGLISH_ALONE = ['docs/performance.md', 'docs/support-matrix.md'];

const pages = allPages();
const isChinese = ({ path }: Page) => path.endsWith('.zh-CN.md');
const chineseOf = (path: string) => path.replace(/\.md$/, '.zh-CN.md');
const englishOf = (path: string) => path.replace('.zh-CN.md', '.md');
const hasChinese = (path: string) => existsSync(join(ROOT, chineseOf(path)));

/** How many rows of tables and items of lists each section has. */
function shapeOf({ prose }: Page): { rows: number; items: number }[] {
  return prose.split(/^#+ /m).map((section) => ({
    rows: [...section.matchAll(/^\|/gm)].length,
    items: [...section.matchAll(/^(?:-|\d+\.) /gm)].length,
  }));
}

/** Where the links of a page lead, each by the English page and the place of the section in it. */
function targetsOf(page: Page): string[] {
  const own = isChinese(page) ? englishOf(page.path) : chineseOf(page.path);
  return page.links
    .flatMap((link) => {
      const target = resolveLink(page, link);
      if (target === undefined) return [link];
      if (target.path === own) return [];
      const section = target.anchor === '' ? '' : [...readPage(target.path).anchors].indexOf(target.anchor);
      return [`${englishOf(target.path)}#${section}`];
    })
    .toSorted();
}

describe('the guides', () => {
  it('are there in Chinese, but for those that are known not to be', () => {
    const without = pages
      .filter((page) => !isChinese(page) && !page.path.startsWith('docs/recipes/'))
      .map(({ path }) => path)
      .filter((path) => !hasChinese(path));
    expect(without).toEqual(ENGLISH_ALONE);
    expect(Object.keys(TRANSLATED_HEADINGS).toSorted()).toEqual(
      pages
        .filter(isChinese)
        .map(({ path }) => englishOf(path))
        .toSorted(),
    );
  });
});

describe.each(pages.filter(isChinese).map((page) => [page.path, page] as const))('%s', (path, page) => {
  const original = readPage(englishOf(path));

  it('begins with a link to the English page, and that with one to it', () => {
    const [file = '', originalFile = ''] = [path, original.path].map((name) => name.split('/').at(-1));
    expect(page.prose.split('\n')[2]).toBe(`[English](${originalFile})`);
    expect(original.prose.split('\n')[2]).toBe(`[中文](${file})`);
  });

  it('holds the same code as the English page', () => {
    const codeOf = ({ blocks }: Page) =>
      blocks.map(({ language, remark, code, given }) => ({ language, remark, code, given }));
    expect(codeOf(page)).toEqual(codeOf(original));
  });

  it('names the same keys as the English page', () => {
    expect([...page.codeSpans].toSorted()).toEqual([...original.codeSpans].toSorted());
  });

  it('has the same sections as the English page', () => {
    expect(page.outline).toEqual(original.outline);
    const headings = Object.entries(TRANSLATED_HEADINGS[original.path] ?? {});
    expect(original.headings).toEqual(headings.map(([heading]) => heading));
    expect(page.headings).toEqual(headings.map(([, translation]) => translation));
  });

  it('has as many rows and items in each section as the English page', () => {
    expect(shapeOf(page)).toEqual(shapeOf(original));
  });

  it('links to the same sections of the same pages as the English page', () => {
    expect(targetsOf(page)).toEqual(targetsOf(original));
  });

  it('links to pages in its own language where there is one', () => {
    const others = page.links
      .map((link) => resolveLink(page, link)?.path ?? '')
      .filter((target) => target.endsWith('.md') && !target.endsWith('.zh-CN.md') && hasChinese(target));
    expect(others.filter((target) => target !== original.path)).toEqual([]);
  });
});
