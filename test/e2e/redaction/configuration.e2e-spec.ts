import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { AppParts } from '../../support/app-fixture.js';
import { PLANTED, RedactionFixture, SOON } from '../../support/redaction-fixture.js';
import { SecretScanner, textOf } from '../../support/secret-scanner.js';

const SETTING = 'cache_client_dkms_config_info';

let fixture: RedactionFixture;
beforeAll(async () => {
  fixture = await RedactionFixture.start();
});
afterAll(() => fixture.stop());

const item = () => (JSON.parse(fixture.cloud.env[SETTING] ?? '[]') as Record<string, unknown>[])[0] ?? {};
const withItem = (change: Record<string, unknown>): AppParts => ({
  settings: { [SETTING]: [{ ...item(), ...change }] },
});

it('the scanner finds a secret in all its forms', () => {
  const scanner = new SecretScanner();
  scanner.add(PLANTED);
  const bytes = Buffer.from(`x${PLANTED}y`);
  const forms = [
    PLANTED,
    JSON.stringify({ PLANTED }),
    encodeURIComponent(PLANTED),
    bytes.toString('hex'),
    bytes.toString('base64'),
    Buffer.from(`xy${PLANTED}`).toString('base64url'),
    textOf(new Error('outer', { cause: Object.assign(new Error('inner'), { deep: { value: PLANTED } }) })),
  ];
  for (const form of forms) expect(scanner.findIn(form)).not.toEqual([]);
  expect(scanner.findIn('nothing of that kind')).toEqual([]);
});

describe('no secret is said when the configuration is wrong:', () => {
  const cases: [what: string, parts: () => AppParts, message: RegExp][] = [
    [
      'the password is another',
      () => withItem({ passwordFromFilePath: fixture.file('pw', PLANTED) }),
      /does not open it/,
    ],
    [
      'the password stands for its path',
      () => withItem({ passwordFromFilePath: PLANTED }),
      /passwordFromFilePath/,
    ],
    [
      'the password stands for its variable',
      () => withItem({ passwordFromFilePath: '', passwordFromEnvVariable: PLANTED }),
      /passwordFromEnvVariable/,
    ],
    [
      'the password stands for the name of its path',
      () => withItem({ passwordFromFilePath: '', passwordFromFilePathName: PLANTED }),
      /passwordFromFilePathName/,
    ],
    [
      'the client key is cut',
      () => withItem({ clientKeyFile: fixture.file('cut', fixture.cloud.clientKey.json.slice(0, -9)) }),
      /not JSON/,
    ],
    [
      'the client key is broken',
      () =>
        withItem({
          clientKeyFile: fixture.file('broken', fixture.cloud.clientKey.json.replace('MII', 'AAA')),
        }),
      /client key cannot be used/,
    ],
    [
      'the key stands for its file',
      () => withItem({ clientKeyFile: fixture.cloud.clientKey.json }),
      /clientKeyFile/,
    ],
    [
      'the setting is cut',
      () => ({ settings: { [SETTING]: `[{"password": ${JSON.stringify(PLANTED)}` } }),
      /is not a JSON array/,
    ],
    [
      'a key secret has no key id',
      () => ({
        settings: {
          [SETTING]: '',
          cache_client_region_id: '[{"regionId":"cn-hangzhou"}]',
          credentials_type: 'ak',
          credentials_access_secret: PLANTED,
        },
      }),
      /credentials_access_key_id/,
    ],
    [
      'the cache key is too short',
      () => ({ options: { ...SOON, fileCache: { directory: fixture.folder, key: Buffer.from(PLANTED) } } }),
      /fileCache\.key/,
    ],
  ];
  it.each(cases)('%s', async (_what, parts, message) => {
    const said = await fixture.allThatIsSaid(parts());
    expect(said).toMatch(message);
    expect(fixture.secretsIn(said)).toEqual([]);
  });
});
