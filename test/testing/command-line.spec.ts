import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runCommandLine } from '../../lib/testing/command-line.js';

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

  test('explains itself', async () => {
    await runCommandLine(['--help'], input, output);
    await until(/Usage: alibaba-cloud-emulator/);
    expect(printed).toContain('emergency NAME');
  });

  test('refuses options that it does not know', async () => {
    await expect(runCommandLine(['--volume', '11'], input, output)).rejects.toThrow(/--volume/);
  });
});
