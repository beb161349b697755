import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { allPages, readPage, resolveLink, ROOT } from './support/markdown.js';

const pages = allPages();

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
