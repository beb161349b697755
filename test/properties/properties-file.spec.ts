import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { ProblemCollector } from '../../lib/config/configuration-error.js';
import { parseProperties, propertiesSource } from '../../lib/config/properties-file.js';
import { holds } from '../support/property-runs.js';

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'properties-'));
  path = join(folder, 'kms.properties');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes text as `java.util.Properties.store` does: https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html */
function escape(value: string, isKey: boolean): string {
  const units = Array.from({ length: value.length }, (_, index) => value.charAt(index));
  return units
    .map((unit, index) => {
      if (unit === ' ') return isKey || index === 0 ? '\\ ' : ' ';
      if ('\\#!=:'.includes(unit)) return `\\${unit}`;
      return /[ -~]/.test(unit) ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
    })
    .join('');
}

const key = fc.string({ unit: 'grapheme', minLength: 1 }).filter((name) => name !== '__proto__');
const value = fc.string({ unit: 'grapheme' });

describe('a properties file', () => {
  it('that Java has written gives back what went in', () => {
    holds(
      fc.property(
        fc.dictionary(key, value, { noNullPrototype: true }),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('=', ' = ', ':', ' '),
        fc.boolean(),
        (settings, lineEnd, separator, hasByteOrderMark) => {
          const lines = Object.entries(settings).map(
            ([name, text]) => escape(name, true) + separator + escape(text, false),
          );
          const comment = '#Tue Nov 24 20:58:50 UTC 2026';
          const text = (hasByteOrderMark ? '\uFEFF' : '') + [comment, ...lines, ''].join(lineEnd);
          expect(parseProperties(text)).toEqual(settings);
        },
      ),
    );
  });

  it('of any other content is read as settings of text, or reported without its content', () => {
    const planted = 'Planted0123456789Secret';
    const content = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('\\', '\\u', '=', ':', '#', '!', '\n', '\r', ' ', 'a', planted, '\0'), {
          maxLength: 40,
        })
        .map((parts) => parts.join('')),
    );
    holds(
      fc.property(content, (text) => {
        writeFileSync(path, text);
        const problems = new ProblemCollector();
        const source = propertiesSource(path, problems);
        const isReported = problems.problems.length === 1 && !JSON.stringify(problems).includes(planted);
        const values = ['a', planted, '__proto__', 'constructor', 'toString'].map((name) =>
          source?.get(name),
        );
        const areTexts = values.every((found) => found === undefined || typeof found === 'string');
        expect(source === undefined ? isReported : areTexts).toBe(true);
      }),
    );
  });
});
