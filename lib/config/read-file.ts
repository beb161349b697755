import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

import { errorCodeOf } from '../core/errors.js';

/** No key, password or certificate is anywhere near this size. */
const MAX_FILE_BYTES = 1024 * 1024;

/** The content of a file, or why it cannot be had. */
export type FileContent = { readonly text: string } | FileProblem;

/** Why a file cannot be had. */
export interface FileProblem {
  /** With its path, unless that is no likely path: content is sometimes pasted where a path belongs. */
  readonly problem: string;
  /** The same without the path, for files whose name may be a password in the wrong place. */
  readonly reason: string;
  readonly isMissing: boolean;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  ENAMETOOLONG: 'has a name that is too long for a path',
  EACCES: 'may not be read by this process (EACCES)',
  EPERM: 'may not be read by this process (EPERM)',
  ELOOP: 'is a symbolic link that leads in a circle',
};

/** What a path may look like to be shown. */
const LIKELY_PATH = /^[^{}<>"\n\r\0]{1,300}$/;

/** Reads a small text file; relative paths start at the working directory. */
export function readTextFile(path: string): FileContent {
  const absolute = resolve(path);
  const problem = (reason: string, isMissing = false): FileProblem => ({
    problem: `${LIKELY_PATH.test(path) ? absolute : 'the file'} ${reason}`,
    reason,
    isMissing,
  });
  try {
    const stats = statSync(absolute);
    if (!stats.isFile()) return problem(stats.isDirectory() ? 'is a directory' : 'is no regular file');
    if (stats.size > MAX_FILE_BYTES) return problem(`is larger than ${MAX_FILE_BYTES} bytes`);
    const bytes = readFileSync(absolute);
    return bytes.includes(0) ? problem('is no text file') : { text: bytes.toString('utf8') };
  } catch (error) {
    const code = errorCodeOf(error);
    return problem(REASONS[code] ?? `cannot be read (${code})`, code === 'ENOENT' || code === 'ENOTDIR');
  }
}
