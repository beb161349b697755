import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { allPages, readPage, resolveLink, ROOT } from './support/markdown.js';

const pages = allPages();
const translations = pages.filter(({ path }) => path.endsWith('.zh-CN.md'));

describe('the pages of the documentation', () => {
  it.each(pages.map((page) => [page.path, page] as const))('%s has no dead links', (_path, page) => {
    const dead = page.links.filter((link) => {
      const target = resolveLink(page, link);
      if (target === undefined) return false;
      if (!existsSync(join(ROOT, target.path))) return true;
      return target.anchor !== '' && !readPage(target.path).anchors.has(target.anchor);
    });
    expect(dead).toEqual([]);
  });
});

describe.each(translations.map((page) => [page.path, page] as const))('%s', (path, page) => {
  const original = readPage(path.replace('.zh-CN', ''));

  it('holds the same code as the English page', () => {
    const codeOf = ({ blocks }: typeof page) =>
      blocks.map(({ language, remark, code, given }) => ({ language, remark, code, given }));
    expect(codeOf(page)).toEqual(codeOf(original));
  });

  it('names the same keys as the English page', () => {
    expect([...page.codeSpans].toSorted()).toEqual([...original.codeSpans].toSorted());
  });

  it('has the same sections as the English page', () => {
    expect(page.outline).toEqual(original.outline);
  });

  it('links to pages in its own language where there is one', () => {
    const others = page.links.filter((link) => {
      const target = resolveLink(page, link)?.path ?? '';
      const isOwnOriginal = target === original.path;
      return (
        !isOwnOriginal &&
        target.endsWith('.md') &&
        existsSync(join(ROOT, target.replace(/(\.zh-CN)?\.md$/, '.zh-CN.md'))) &&
        !target.endsWith('.zh-CN.md')
      );
    });
    expect(others).toEqual([]);
  });
});
