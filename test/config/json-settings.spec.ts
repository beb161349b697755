import { describe, expect, it } from '@jest/globals';

import { ProblemCollector } from '../../lib/config/configuration-error.js';
import { readKmsSettings } from '../../lib/config/read-kms-settings.js';

const KEY = 'cache_client_region_id';

/** What is said of a setting that should be a JSON array. */
function problemOf(value: unknown): string | undefined {
  const problems = new ProblemCollector();
  readKmsSettings({}, [{ name: 'test', get: (key) => (key === KEY ? value : undefined) }], problems);
  return problems.problems[0]?.problem;
}

describe('a setting that is no JSON array', () => {
  it.each([
    ['with a comma too many', '[{"regionId":"cn-x",}]', 'its syntax is wrong at character 21'],
    ['without its quotes', '[{regionId:cn-x}]', 'its syntax is wrong at character 3'],
    ['that was cut', '[{"regionId":"cn-x"', 'its syntax is wrong at character 20'],
    ['that is empty JSON', '[', 'its syntax is wrong'],
    ['without its brackets', '{"regionId":"cn-x"}', 'it is one object'],
    ['that is one object already', { regionId: 'cn-x' }, 'it is one object'],
    ['that is text in JSON', '"[]"', 'it is a string'],
    ['that is null in JSON', 'null', 'it is null'],
    ['that is a number', '12', 'it is a number'],
  ])('%s is told apart', (_what, value, reason) => {
    expect(problemOf(value)).toBe(`is not a JSON array: ${reason}`);
  });
});
