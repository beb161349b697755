import { readFileSync, writeFileSync } from 'node:fs';

import { expect, it } from '@jest/globals';

import { supportMatrixPage } from './support-matrix-page.js';

const PAGE = new URL('../../../docs/support-matrix.md', import.meta.url);

it('docs/support-matrix.md says what the tables say; `npm run docs:matrix` writes it anew', () => {
  const page = supportMatrixPage();
  if (process.env['UPDATE_SUPPORT_MATRIX'] === '1') writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});
