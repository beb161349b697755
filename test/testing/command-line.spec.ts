import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ADMIN_VERBS } from '../../lib/testing/admin/admin-verbs.js';
import { environmentText } from '../../lib/testing/admin/environment-text.js';
import { runCommandLine } from '../../lib/testing/command-line.js';
import { EMULATOR_TARGETS } from '../../lib/testing/emulator-target.js';
import { askAdmin } from './support/admin-client.js';

const BIN = fileURLToPath(new URL('../../dist/testing/bin.js', import.meta.url));

describe('the emulator as a process without input', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'goes on until %s, and removes its files',
    async (signal) => {
      const program = spawn(process.execPath, [BIN, '--secret', 'one', '--format', 'json'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = (await once(createInterface(program.stdout), 'line')) as [string];
      const { env, admin } = JSON.parse(line) as { env: Record<string, string>; admin: string };
      const [item] = JSON.parse(env['cache_client_dkms_config_info'] ?? '') as { caFilePath: string }[];
      const { caFilePath = '' } = item ?? {};
      expect((await askAdmin(admin, 'endpoints')).status).toBe(200);
      expect(existsSync(caFilePath)).toBe(true);
      program.kill(signal);
      expect(await once(program, 'exit')).toEqual([0, null]);
      expect(existsSync(dirname(caFilePath))).toBe(false);
    },
  );

  test('says in one line what is wrong, with exit code 1', () => {
    const { status, stderr } = spawnSync(process.execPath, [BIN, '--port', 'x'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([1, "--port takes a whole number up to 65535, not 'x'.\n"]);
  });
});

describe('the emulator as a program', () => {
  let input: PassThrough;
  let output: PassThrough;
  let printed: string;
  let running: Promise<void>;

  beforeEach(() => {
    input = new PassThrough();
    output = new PassThrough();
    printed = '';
    output.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    running = Promise.resolve();
  });
  afterEach(async () => {
    input.end();
    await running;
  });

  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(printed);
      if (found) return found;
      await once(output, 'data');
    }
  };
  const say = (line: string, answer: RegExp): Promise<RegExpExecArray> => {
    printed = '';
    input.write(`${line}\n`);
    return until(answer);
  };

  test('prints the environment, obeys commands and cleans up', async () => {
    running = runCommandLine(
      ['--secret', 'one', '--region', 'cn-beijing', '--replica', 'cn-x'],
      input,
      output,
    );
    const [, json = ''] = await until(/export cache_client_dkms_config_info='(.*)'/);
    await until(/# oss: http:\/\/127\.0\.0\.1:\d+\n/);
    await until(/# kms@cn-x: https:\/\/localhost:\d+\n/);
    const [item] = JSON.parse(json) as { regionId: string; caFilePath: string }[];
    expect(item?.regionId).toBe('cn-beijing');

    const [accessKeyId = ''] = await say('rotate one', /LTAI5t\w{18}\n/);
    await say('emergency one 100', /LTAI5t\w{18}\n/);
    await say(`restore ${accessKeyId}`, /done/);
    await say(`revoke ${accessKeyId}`, /done/);
    await say('secret two', /LTAI5t/);
    await say('rotate nobody', /no secret 'nobody'/);
    await say('fail oss drop 2', /done/);
    await say('fail oss 503', /done/);
    await say('fail oss explode', /Not a fault/);
    await say('fail kms@cn-x refuse', /done/);
    await say('fail kms@cn-y refuse', /no region 'cn-y'/);
    await say('fail ram drop', /Unknown target/);
    await say('clear', /done/);
    await say('requests oss', /^\n/);
    await say('what', /Usage/);
    input.write('\nquit\n');
    await running;
    expect(existsSync(item?.caFilePath ?? '')).toBe(false);
  });

  test('obeys verbs while it reads commands, and ends at the verb stop', async () => {
    running = runCommandLine(['--secret', 'one', '--format', 'json'], input, output);
    const [line] = await until(/^\{.*\}\n/);
    const { env, admin, endpoints } = JSON.parse(line) as {
      env: Record<string, string>;
      admin: string;
      endpoints: Record<string, string>;
    };
    expect(Object.keys(env)).toEqual(['cache_client_dkms_config_info']);
    expect(Object.keys(endpoints)).toEqual([...EMULATOR_TARGETS]);
    expect((await askAdmin(admin, 'rotate', { name: 'one' })).body).toHaveProperty('accessKeyId');
    expect((await askAdmin(admin, 'stop')).status).toBe(200);
    await running;
  });

  test('without input runs until the verb stop, and prints what an .env file needs', async () => {
    const args = ['--format', 'dotenv', '--kms', 'shared', '--endpoint', 'ECS_ENDPOINT=openapi'];
    running = runCommandLine(args, undefined, output);
    const [, admin = ''] = await until(/# admin: (.*)\n/);
    const { body } = await askAdmin(admin, 'endpoints');
    expect(parseEnv(printed)).toHaveProperty('ECS_ENDPOINT', (body as { openapi: string }).openapi);
    expect(printed).toMatch(/^cache_client_region_id='\[.*\]'\ncredentials_type='ak'\n/);
    await askAdmin(admin, 'stop');
    await running;
  });

  test('explains itself, and each verb', async () => {
    await runCommandLine(['--help'], input, output);
    await until(/Usage: alibaba-cloud-emulator/);
    expect(printed).toContain('emergency NAME');
    for (const verb of ADMIN_VERBS.keys()) expect(printed).toMatch(new RegExp(`^  ${verb}\\b`, 'm'));
  });

  test('refuses options that it does not know', async () => {
    await expect(runCommandLine(['--volume', '11'], input, output)).rejects.toThrow(/--volume/);
    await expect(runCommandLine(['--port', '65536'], input, output)).rejects.toThrow(/--port takes/);
    await expect(runCommandLine(['--latency', 'slow'], input, output)).rejects.toThrow(/--latency takes/);
    await expect(runCommandLine(['--format', 'xml'], input, output)).rejects.toThrow(/sh, dotenv, json/);
    await expect(runCommandLine(['--endpoint', 'oss'], input, output)).rejects.toThrow(/--endpoint takes/);
    await expect(runCommandLine(['--endpoint', 'A=b'], input, output)).rejects.toThrow(/Unknown target 'b'/);
  });

  test('quotes values for a shell and for .env files', () => {
    const env = { NAME: `it's "here"` };
    expect(environmentText(env, 'sh')).toBe(`export NAME='it'\\''s "here"'\n`);
    expect(environmentText(env, 'dotenv')).toBe('NAME=`it\'s "here"`\n');
    expect(parseEnv(environmentText(env, 'dotenv'))).toEqual(env);
    const said = execFileSync('sh', ['-c', `${environmentText(env, 'sh')}printf %s "$NAME"`]);
    expect(said.toString()).toBe(env.NAME);
  });
});
