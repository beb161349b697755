import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ProblemCollector } from '../../lib/config/configuration-error.js';
import { propertiesFile, propertiesSource } from '../../lib/config/properties-file.js';

let folder: string;
const write = (content: string) => {
  writeFileSync(join(folder, 'test.properties'), content);
  return join(folder, 'test.properties');
};
const load = (content: string) => propertiesFile(write(content))();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'properties-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a properties file', () => {
  it.each<[string, string, Record<string, string>]>([
    ['values with =', 'a=b=c==', { a: 'b=c==' }],
    ['values with #', 'a=b#c', { a: 'b#c' }],
    ['comments of both kinds', '# one\n! two\na=1', { a: '1' }],
    ['Windows line ends', 'a=1\r\nb=2\r\n', { a: '1', b: '2' }],
    ['a byte-order mark', '\uFEFFa=1', { a: '1' }],
    ['colons and blanks as separators', 'a:1\nb 2\nc = 3', { a: '1', b: '2', c: '3' }],
    ['continued lines', 'a=[{"x":1},\\\n    {"y":2}]', { a: '[{"x":1},{"y":2}]' }],
    ['escapes', 'a=C\\:\\\\keys\\u4e2d\nb\\ c=1', { a: 'C:\\keys中', 'b c': '1' }],
    ['keys with dots', 'a.b=1', { 'a.b': '1' }],
    ['a key twice: the last counts', 'a=1\na=2', { a: '2' }],
    ['keys without a value', 'a=\nb', { a: '', b: '' }],
    ['nothing', '', {}],
    ['names of object members', 'constructor=1\n__proto__=2', { constructor: '1' }],
  ])('may have %s', (_what, content, expected) => {
    expect({ ...load(content) }).toEqual(expected);
  });

  it('as a loader of ConfigModule must exist', () => {
    expect(() => propertiesFile(join(folder, 'missing.properties'))()).toThrow(
      /missing\.properties does not exist/,
    );
  });

  it('that is named must exist, the default one need not', () => {
    const problems = new ProblemCollector();
    expect(propertiesSource(undefined, problems)).toBeUndefined();
    expect(propertiesSource(false, problems)).toBeUndefined();
    expect(problems.problems).toEqual([]);
    expect(propertiesSource(join(folder, 'missing.properties'), problems)).toBeUndefined();
    expect(propertiesSource(folder, problems)).toBeUndefined();
    expect(
      problems.problems.map(({ setting, problem }) => `${setting}: ${problem.replace(folder, '')}`),
    ).toEqual(['configFile: /missing.properties does not exist', 'configFile:  is a directory']);
  });

  it('as a source of settings does not mistake what every object has for a setting', () => {
    const source = propertiesSource(write('a=1'), new ProblemCollector());
    expect(source?.get('a')).toBe('1');
    expect(source?.get('toString')).toBeUndefined();
  });
});
