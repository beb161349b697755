import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, it } from '@jest/globals';

const PROGRAM = fileURLToPath(new URL('../../bench/run.mjs', import.meta.url));
const RESULTS = fileURLToPath(new URL('../../bench/results/latest.json', import.meta.url));

const run = (...args: string[]) => promisify(execFile)(process.execPath, [PROGRAM, ...args]);

describe('the benchmarks', () => {
  it('all run to their end at a tiny size, and keep no figures of it', async () => {
    const before = readFileSync(RESULTS, 'utf8');
    const { stdout } = await run('--tiny');
    const titles = [
      'Overhead of a call',
      'Storm on a revoked key',
      'KMS that lags behind',
      'Start of an application',
      'Memory of a secret',
      'An idle hour',
      'GetSecretValue',
    ];
    expect(titles.filter((title) => !stdout.includes(`\n${title}\n`))).toEqual([]);
    expect(stdout).not.toMatch(/NaN|undefined/);
    expect(readFileSync(RESULTS, 'utf8')).toBe(before);
  }, 60_000);

  it('say which there are when one is misspelled', async () => {
    const failure: unknown = await run('strom').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 2 });
    expect((failure as { stderr: string }).stderr).toContain(
      'No such benchmark: strom. There are: overhead, storm,',
    );
  });
});
