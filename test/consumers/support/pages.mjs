import { readFile } from 'node:fs/promises';

/**
 * The first block of code in a language on a page of the documentation.
 * @param page its path from the root of the repository
 */
export async function firstBlock(page, language) {
  const text = await readFile(new URL(`../../../${page}`, import.meta.url), 'utf8');
  const [, code] = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(text) ?? [];
  if (code === undefined) throw new Error(`${page} has no block in ${language}`);
  return code;
}
