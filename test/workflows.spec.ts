import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

const FOLDER = fileURLToPath(new URL('../.github/workflows', import.meta.url));

const workflows = readdirSync(FOLDER).map((file) => ({
  file,
  lines: readFileSync(join(FOLDER, file), 'utf8').split('\n'),
}));

describe.each(workflows)('the workflow $file', ({ lines }) => {
  it('pins every action by its commit, and says the version', () => {
    const uses = lines.filter((line) => /\buses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual(
      [],
    );
  });

  it('gives permissions to jobs only', () => {
    expect(lines).toContain('permissions: {}');
  });

  it('has no secret but the token of the run itself', () => {
    const secrets = lines.flatMap((line) => line.match(/secrets\.\w+/g) ?? []);
    expect(secrets.filter((secret) => secret !== 'secrets.GITHUB_TOKEN')).toEqual([]);
  });
});
