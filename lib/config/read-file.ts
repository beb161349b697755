import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import { isError } from '../core/is-error.js';

/** No key, password or certificate is anywhere near this size. */
const MAX_FILE_BYTES = 1024 * 1024;

/** The content of a file, or why it cannot be had. */
export type FileContent = { readonly text: string } | { readonly problem: string };

/** Reads a small text file; relative paths start at the working directory. */
export function readTextFile(path: string): FileContent {
  const absolute = resolve(path);
  try {
    const stats = statSync(absolute);
    if (stats.isDirectory()) return { problem: `${absolute} is a directory` };
    if (stats.size > MAX_FILE_BYTES) return { problem: `${absolute} is larger than ${MAX_FILE_BYTES} bytes` };
    return { text: readFileSync(absolute, 'utf8') };
  } catch (error) {
    const code = isError(error) ? String(error['code']) : 'unknown error';
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    return { problem: `${absolute} ${reason}` };
  }
}
