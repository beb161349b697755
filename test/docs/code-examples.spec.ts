import { describe, expect, it } from '@jest/globals';

import { allPages } from './support/markdown.js';
import { typeErrorsOf } from './support/type-check.js';

describe('the examples in TypeScript of all pages', () => {
  it('fit the types of the library', () => {
    // Translations hold the same code, which another test sees to.
    const blocks = allPages()
      .filter(({ path }) => !path.endsWith('.zh-CN.md'))
      .flatMap((page) => page.blocks.filter(({ language }) => language === 'ts'));
    expect(blocks.length).toBeGreaterThan(10);
    expect(typeErrorsOf(blocks)).toEqual([]);
  }, 60_000);
});
