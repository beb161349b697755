import { describe, expect, it } from '@jest/globals';
import { DEFAULT_EXPIRED_KEY_CODES } from 'nestjs-aliyun-managed-credentials';

import { allPages, readPage } from './support/markdown.js';
import { runJestFile, runModule } from './support/run-module.js';

const examples = allPages()
  .filter(({ path }) => !path.endsWith('.zh-CN.md'))
  .flatMap(({ blocks }) => blocks.filter(({ language, remark }) => language === 'ts' && remark !== ''));

describe('the examples that are marked to be run', () => {
  it.each(examples.map((block) => [`${block.page}:${block.line}`, block] as const))(
    '%s comes to its end',
    async (_where, block) => {
      const environment = process.env;
      process.env = { ...environment };
      const run = block.remark === 'jest' ? runJestFile(block, expect) : runModule(block);
      await expect(run.finally(() => (process.env = environment))).resolves.toBeUndefined();
    },
    20_000,
  );
});

describe('the page about the AK expire handler', () => {
  it('lists the default codes of each SDK', () => {
    const rows = [...readPage('docs/expire-handler.md').prose.matchAll(/^\| `(\w+)` +\| (`.*)\|$/gm)].filter(
      ([, sdk = '']) => sdk in DEFAULT_EXPIRED_KEY_CODES,
    );
    const listed = Object.fromEntries(
      rows.map(([, sdk = '', codes = '']) => [
        sdk,
        [...codes.matchAll(/`([^`]+)`/g)].map(([, code]) => code),
      ]),
    );
    expect(listed).toEqual(DEFAULT_EXPIRED_KEY_CODES);
  });
});
