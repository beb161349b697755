import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ADMIN_VERBS } from '../../lib/testing/admin/admin-verbs.js';
import { USAGE } from '../../lib/testing/usage.js';
import { until } from '../support/poll.js';
import { readPage, type CodeBlock } from './support/markdown.js';
import { canCurl, freePort, Shell } from './support/run-shell.js';

const page = readPage('docs/emulator.md');
const commands = page.blocks.filter(({ language, remark }) => language === 'sh' && remark !== 'alone');
/** The two terminals that share a file. */
const [writesEnvFile, readsEnvFile] = page.blocks.filter(({ remark }) => remark === 'alone');
const texts = page.blocks.filter(({ language }) => language === 'text');
let shell: Shell;

beforeAll(() => {
  shell = new Shell();
});
afterAll(() => shell.remove());

/** The same commands on a port that is free here. */
async function onFreePort(blocks: readonly CodeBlock[]): Promise<CodeBlock[]> {
  const port = String(await freePort());
  return blocks.map((block) => ({ ...block, code: block.code.replaceAll('4900', port) }));
}

/** Without what differs from run to run. */
const shape = (text: string) =>
  text
    .replaceAll(/:\d{4,5}\b/g, ':PORT')
    .replaceAll(/"[^"]*alibaba-cloud-emulator-\w+/g, '"FOLDER')
    .trim();

/** The first cells of all tables, without their ticks. */
const rows = new Map(
  [...page.prose.matchAll(/^\| `([^`|]+)`\s*\|([^|]*)/gm)].map(([, first = '', second = '']) => [
    first,
    second,
  ]),
);

describe('the page of the emulator', () => {
  it('shows what the program prints, and commands that it obeys', async () => {
    const [introduction, orders] = texts;
    const [first] = await onFreePort(commands.slice(0, 1));
    const program = shell.start(first?.code ?? '');
    let printed = '';
    program.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await until(() => printed.includes('Ctrl+C'), 'the introduction', 20_000);
    expect(shape(printed)).toBe(shape(introduction?.code ?? ''));
    printed = '';
    program.stdin.end(`${orders?.code}\nquit\n`);
    expect(await once(program, 'exit')).toEqual([0, null]);
    expect(printed).toMatch(/^LTAI5t\w+\ndone\ndone\n$/);
    expect(shell.leftovers()).toEqual([]);
  }, 30_000);

  it('writes an .env file that Node.js reads', async () => {
    const program = shell.start(writesEnvFile?.code ?? '');
    const path = join(shell.folder, '.env.emulator');
    const text = () => (existsSync(path) ? readFileSync(path, 'utf8') : '');
    await until(() => text().includes('# admin: '), 'the file', 20_000);
    const [, option = ''] = /(--env-file) \.env\.emulator$/.exec(readsEnvFile?.code ?? '') ?? [];
    const print =
      "process.env.ECS_ENDPOINT + ' ' + JSON.parse(process.env.cache_client_dkms_config_info).length";
    const said = execFileSync(process.execPath, [`${option}=${path}`, '-p', print], { encoding: 'utf8' });
    expect(said).toMatch(/^http:\/\/127\.0\.0\.1:\d+ 1\n$/);
    program.stdin.end('quit\n');
    expect(await once(program, 'exit')).toEqual([0, null]);
  }, 30_000);

  it('has only commands that work, one after the other, and answers as it shows', async () => {
    if (!canCurl()) {
      process.stderr.write('Skipped: the commands of docs/emulator.md need curl 7.82 or later.\n');
      return;
    }
    const blocks = commands.slice(1);
    const printed = await shell.run(await onFreePort(blocks));
    expect(shell.leftovers()).toEqual([]);
    const shown = blocks.map((block, index) => {
      const next = page.blocks[page.blocks.indexOf(block) + 1];
      return { block, answer: printed[index] ?? '', json: next?.language === 'json' ? next.code : undefined };
    });
    const withAnswer = shown.filter(({ json }) => json !== undefined);
    expect(withAnswer).toHaveLength(2);
    const [rotation, refusal] = withAnswer.map(({ answer, json = '' }) => ({
      got: JSON.parse(answer) as object,
      said: JSON.parse(json) as object,
    }));
    expect(Object.keys(rotation?.got ?? {})).toEqual(Object.keys(rotation?.said ?? {}));
    expect(refusal?.got).toEqual(refusal?.said);
  }, 60_000);

  it('has a command for each verb, and names its fields', () => {
    const code = commands.map((block) => block.code).join('\n');
    for (const [name, { fields }] of [...ADMIN_VERBS, ['stop', { fields: '' }] as const]) {
      expect(code).toContain(`http://127.0.0.1:4900/${name}`);
      const named = [...(rows.get(name) ?? '`no row`').matchAll(/`([^`]+)`/g)].map(([, field]) => field);
      expect([name, new Set(named)]).toEqual([name, new Set(fields.split(' ').filter(Boolean))]);
    }
  });

  it('names each option of the program, and no other', () => {
    const options = [...USAGE.matchAll(/^ {2}(--\w+ [A-Z]+) /gm)].map(([, option]) => option);
    expect(options.length).toBeGreaterThan(5);
    expect([...rows.keys()].filter((row) => row.startsWith('--'))).toEqual(options);
  });
});
