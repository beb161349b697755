import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { ProblemCollector } from '../../lib/config/configuration-error.js';
import { checkModuleOptions } from '../../lib/config/module-options.js';
import { readKmsSettings } from '../../lib/config/read-kms-settings.js';
import { vectorKeyPath } from '../support/dkms-vectors.js';
import { holds } from '../support/property-runs.js';

const PLANTED = 'Planted0123456789Secret';

const workingDirectory = process.cwd();
beforeAll(() => process.chdir(vectorKeyPath('')));
afterAll(() => process.chdir(workingDirectory));

const publicValue = fc.oneof(
  fc.string(),
  fc.jsonValue({ maxDepth: 1 }),
  fc.constantFrom('true', 'FALSE', '', ' ', null, 'ca.crt.pem', 'password.txt', 'no/such/file', '..', '\0'),
);
const anyValue = fc.oneof(fc.constant(PLANTED), publicValue);

/** An object with some of the fields, or others, or no object at all; paths and addresses may be shown, others not. */
const fields = (secretNames: readonly string[], publicNames: readonly string[]) => {
  const record = Object.fromEntries([
    ...secretNames.map((name) => [name, anyValue]),
    ...publicNames.map((name) => [name, publicValue]),
  ]) as Record<string, fc.Arbitrary<unknown>>;
  return fc.oneof(fc.record(record, { requiredKeys: [] }), fc.dictionary(fc.string(), anyValue), anyValue);
};
const dedicated = fields(
  [
    'clientKey',
    'password',
    'passwordFromFilePath',
    'passwordFromEnvVariable',
    'passwordFromFilePathName',
    'ca',
  ],
  ['endpoint', 'clientKeyFile', 'caFilePath', 'ignoreSslCerts', 'regionID'],
);
const region = fields(['ca'], ['regionId', 'endpoint', 'vpc', 'caFilePath']);
const credentials = fields(
  ['accessKeyId', 'accessSecret', 'roleArn', 'roleSessionName', 'durationSeconds', 'policy'],
  ['type'],
);
const list = (item: fc.Arbitrary<unknown>) =>
  fc.oneof(
    fc.array(item, { maxLength: 3 }),
    fc.array(item, { maxLength: 3 }).map((items) => JSON.stringify(items)),
    anyValue,
  );

describe('whatever stands in the configuration', () => {
  it('is used, or every problem is reported with what to do, and no value is shown', () => {
    const settings = fc.record(
      {
        cache_client_dkms_config_info: list(dedicated),
        cache_client_region_id: list(region),
        credentials_type: fc.oneof(
          fc.constantFrom('ak', 'sts', 'ecs_ram_role', 'oidc_role_arn', 'client_key'),
          anyValue,
        ),
        credentials_access_key_id: anyValue,
        credentials_access_secret: anyValue,
        credentials_role_arn: anyValue,
        client_key_password: anyValue,
        client_key_private_key_path: publicValue,
        secret_names: anyValue,
        rotation_interval: anyValue,
        [PLANTED]: anyValue,
      },
      { requiredKeys: [] },
    );
    holds(
      fc.property(settings, fc.option(fc.record({ regions: list(region), credentials })), (found, inCode) => {
        const problems = new ProblemCollector();
        const values = new Map<string, unknown>(Object.entries(found));
        const read = readKmsSettings(
          inCode ?? {},
          [{ name: 'test', get: (key) => values.get(key) }],
          problems,
        );
        const isUsable = read.dedicated.length + read.regions.length > 0;
        const text = JSON.stringify([problems.problems, problems.warnings]);
        expect({
          isAnswered: isUsable || problems.problems.length > 0,
          hasRemedies: problems.problems.every(
            ({ setting, remedy }) => setting !== '' && remedy.endsWith('.'),
          ),
          isSecretShown: text.includes(PLANTED),
        }).toEqual({ isAnswered: true, hasRemedies: true, isSecretShown: false });
      }),
    );
  });

  it('options in code are accepted, or each wrong one is named', () => {
    const options = fc.dictionary(
      fc.constantFrom(
        'refresh',
        'kms',
        'fileCache',
        'startup',
        'secretNames',
        'expiredKeyWaitMs',
        'configFile',
        'akExpireHandler',
      ),
      fc.oneof(
        anyValue,
        fields(['key', 'rotationIntervalMs', 'jitterMs', 'directory', 'connectTimeoutMs', 'dedicated'], []),
      ),
    );
    holds(
      fc.property(options, (given) => {
        const problems = new ProblemCollector();
        checkModuleOptions(given, problems);
        const areNamed = problems.problems.every(({ setting }) => (setting.split('.')[0] ?? '') in given);
        expect({ areNamed, isSecretShown: JSON.stringify(problems).includes(PLANTED) }).toEqual({
          areNamed: true,
          isSecretShown: false,
        });
      }),
    );
  });
});
