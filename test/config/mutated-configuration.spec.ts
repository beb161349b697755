import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ConfigurationError, ProblemCollector } from '../../lib/config/configuration-error.js';
import { readKmsSettings } from '../../lib/config/read-kms-settings.js';
import { createKmsSource } from '../../lib/kms-source.provider.js';
import { vectorKeyPath } from '../support/dkms-vectors.js';

/** Stands wherever a mutation puts a value, so that any echo of it shows. */
const PLANTED = 'Planted0123456789Secret';
const TIMES = { connectTimeoutMs: 1, readTimeoutMs: 1, fetchTimeoutMs: 1, hedgeDelayMs: 1 };

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mutated-'));
  mkdirSync(join(folder, 'directory'));
  symlinkSync('circle', join(folder, 'circle'));
  writeFileSync(join(folder, 'binary'), Buffer.from([0, 1, 2, 255]));
  writeFileSync(join(folder, 'empty'), '');
  writeFileSync(join(folder, 'huge'), 'x'.repeat(2 * 1024 * 1024));
  writeFileSync(join(folder, 'text'), PLANTED);
  writeFileSync(join(folder, 'no-permission'), PLANTED);
  chmodSync(join(folder, 'no-permission'), 0);
});
afterAll(() => rmSync(folder, { recursive: true }));

const DEDICATED = {
  regionId: 'cn-hangzhou',
  endpoint: 'kst-abc.cryptoservice.kms.aliyuncs.com',
  clientKeyFile: vectorKeyPath('clientKey.legacy3des.json'),
  passwordFromFilePath: vectorKeyPath('password.txt'),
  caFilePath: vectorKeyPath('ca.crt.pem'),
  ignoreSslCerts: false,
};
const REGION = {
  regionId: 'cn-hangzhou',
  endpoint: 'kms.example.com',
  vpc: false,
  caFilePath: vectorKeyPath('ca.crt.pem'),
};
const CREDENTIALS = {
  type: 'ram_role',
  accessKeyId: 'LTAI5tIdentity',
  accessSecret: PLANTED,
  roleArn: 'acs:ram::1:role/kms',
  roleSessionName: 'session',
  durationSeconds: 3600,
};

const VALUES: readonly [name: string, value: () => unknown][] = [
  ['missing', () => undefined],
  ['null', () => null],
  ['a number', () => 5],
  ['a boolean', () => true],
  ['an array', () => [PLANTED]],
  ['an object', () => ({ value: PLANTED })],
  ['empty', () => ''],
  ['blank', () => ' \t\n'],
  ['text', () => PLANTED],
  ['JSON in place of a path', () => `{"KeyId":"${PLANTED}"}`],
  ['huge', () => PLANTED.repeat(50_000)],
  ['binary', () => `\0\u0001${PLANTED}\uFFFF`],
  ['a directory', () => join(folder, 'directory')],
  ['a circular path', () => join(folder, 'circle')],
  ['a binary file', () => join(folder, 'binary')],
  ['an empty file', () => join(folder, 'empty')],
  ['a huge file', () => join(folder, 'huge')],
  ['another text file', () => join(folder, 'text')],
  ['a file without permission', () => join(folder, 'no-permission')],
];

const SUBJECTS = [
  ['kms.dedicated', DEDICATED, (value: object) => ({ dedicated: [value] })],
  ['kms.regions', REGION, (value: object) => ({ regions: [value], credentials: CREDENTIALS })],
  ['kms.credentials', CREDENTIALS, (value: object) => ({ regions: [REGION], credentials: value })],
] as const;

const mutations = SUBJECTS.flatMap(([subject, base, build]) =>
  Object.keys(base).flatMap((field) => [
    ...VALUES.map(([name, value]) => ({
      title: `${subject}.${field} is ${name}`,
      build: () => build({ ...base, [field]: value() }),
    })),
    {
      title: `${subject}.${field} is written in capitals`,
      build: () => {
        const { [field as keyof typeof base]: value, ...others } = base;
        return build({ ...others, [field.toUpperCase()]: value });
      },
    },
  ]),
);

describe(`each of ${mutations.length} mutated configurations either works or gives one clear error`, () => {
  it.each(mutations)('$title', ({ build }) => {
    const problems = new ProblemCollector();
    let error: unknown;
    try {
      const settings = readKmsSettings(build(), [], problems);
      createKmsSource(settings, TIMES, problems, () => undefined).close();
      problems.throwIfAny();
    } catch (thrown) {
      error = thrown;
    }
    const said = [
      ...problems.warnings,
      error instanceof Error ? `${error.message}\n${error.stack}` : '',
    ].join('\n');
    // A path is shown, since a wrong path is what most often goes wrong; other text may be a secret in the wrong place.
    const withoutPaths = said.replaceAll(new RegExp(`${process.cwd()}/${PLANTED}(?!\\w)`, 'g'), '<path>');
    expect(withoutPaths).not.toContain(PLANTED);
    expect(said.length).toBeLessThan(5000);
    if (error === undefined) return;
    expect(error).toBeInstanceOf(ConfigurationError);
    for (const { setting, problem, remedy } of (error as ConfigurationError).problems) {
      expect(setting).toMatch(/^kms\.(?:dedicated|regions|credentials)/);
      expect(problem).toMatch(/\S/);
      expect(remedy).toMatch(/^[A-Z].*\.$/s);
    }
  });
});

describe('a misspelled key', () => {
  it.each([
    ['dedicated', { ...DEDICATED, regionID: 'x' }, 'regionID', 'regionId'],
    ['dedicated', { ...DEDICATED, clientkeyfile: 'x' }, 'clientkeyfile', 'clientKeyFile'],
    ['dedicated', { ...DEDICATED, ignoreSSLCerts: true }, 'ignoreSSLCerts', 'ignoreSslCerts'],
    [
      'dedicated',
      { ...DEDICATED, passwordFromEnvVarable: 'x' },
      'passwordFromEnvVarable',
      'passwordFromEnvVariable',
    ],
    ['dedicated', { ...DEDICATED, client_key_file: 'x' }, 'client_key_file', 'clientKeyFile'],
    ['dedicated', { ...DEDICATED, passwordFromFile: 'x' }, 'passwordFromFile', 'passwordFromFilePath'],
    ['dedicated', { ...DEDICATED, ignoreSsl: true }, 'ignoreSsl', 'ignoreSslCerts'],
    ['regions', { ...REGION, regoinId: 'x' }, 'regoinId', 'regionId'],
    ['regions', { ...REGION, VPC: true }, 'VPC', 'vpc'],
  ])('in kms.%s is named with the right spelling', (list, item, wrong, right) => {
    const problems = new ProblemCollector();
    readKmsSettings({ [list]: [item] }, [], problems);
    expect(problems.problems).toContainEqual(
      expect.objectContaining({
        setting: `kms.${list}[0] (options in code).${wrong}`,
        problem: 'is not known',
        remedy: `Write it as "${right}".`,
      }),
    );
  });

  it('in kms.credentials is named with the right spelling', () => {
    const problems = new ProblemCollector();
    readKmsSettings({ regions: [REGION], credentials: { ...CREDENTIALS, roleARN: 'x' } }, [], problems);
    expect(problems.problems).toEqual([
      expect.objectContaining({ setting: 'kms.credentials.roleARN', remedy: 'Write it as "roleArn".' }),
    ]);
  });
});
