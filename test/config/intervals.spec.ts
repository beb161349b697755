import { describe, expect, it } from '@jest/globals';

import { ProblemCollector } from '../../lib/config/configuration-error.js';
import { readKmsSettings } from '../../lib/config/read-kms-settings.js';

describe('an interval', () => {
  it.each([[true], [[5]], [{}], [{ toString: null }], ['often'], [-1], [0], [Infinity]])(
    'that is %j is reported, with what to write',
    (value: unknown) => {
      const problems = new ProblemCollector();
      const get = (key: string) => (key === 'rotation_interval' ? value : undefined);
      const { rotationIntervalMs } = readKmsSettings({}, [{ name: 'ConfigService', get }], problems);
      expect(rotationIntervalMs).toBeUndefined();
      expect(problems.problems).toContainEqual({
        setting: 'rotation_interval (ConfigService)',
        problem: 'is no positive number',
        remedy: 'Write a duration in milliseconds, such as 21600000 for 6 hours.',
      });
    },
  );
});
