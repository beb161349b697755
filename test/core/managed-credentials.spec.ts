import { format, inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';

import { ManagedCredentials } from '../../lib/core/managed-credentials.js';
import { maskAccessKeyId } from '../../lib/core/mask-access-key-id.js';

const SECRET = 'TheAccessKeySecretItself01234';
const credentials = new ManagedCredentials({
  accessKeyId: 'LTAI5tAbcdefghijklmn9xYz',
  accessKeySecret: SECRET,
  versionId: 'v1',
  fetchedAt: 1000,
});

describe('a credential snapshot', () => {
  it('gives id and secret', () => {
    expect(credentials.accessKeyId).toBe('LTAI5tAbcdefghijklmn9xYz');
    expect(credentials.accessKeySecret).toBe(SECRET);
  });

  it('is frozen', () => {
    expect(Object.isFrozen(credentials)).toBe(true);
    expect(() => Object.assign(credentials, { accessKeyId: 'other' })).toThrow(TypeError);
    expect(() => Object.assign(credentials, { accessKeySecret: 'other' })).toThrow(TypeError);
  });

  it.each([
    ['JSON', JSON.stringify({ credentials })],
    ['inspect', inspect({ credentials }, { depth: 9, showHidden: true, getters: true })],
    ['a format string', format('%s %o %j', credentials, credentials, credentials)],
    ['string conversion', String(credentials)],
    ['concatenation', `key: ${credentials as unknown as string}`],
    [
      'a spread',
      JSON.stringify({ ...(credentials as object) }).replace(credentials.accessKeyId, 'LTAI****9xYz'),
    ],
    [
      'a structured clone',
      inspect(structuredClone({ ...(credentials as object) })).replace(
        credentials.accessKeyId,
        'LTAI****9xYz',
      ),
    ],
  ])('shows a masked id and nothing of the secret in %s', (_form, text) => {
    expect(text).toContain('LTAI****9xYz');
    expect(text).not.toContain(SECRET.slice(0, 8));
    expect(text).not.toContain(credentials.accessKeyId);
  });

  it('is the same version as a later snapshot of it, and no other', () => {
    const fields = { accessKeyId: credentials.accessKeyId, accessKeySecret: SECRET, versionId: 'v1' };
    expect(credentials.isSameVersionAs(new ManagedCredentials({ ...fields, fetchedAt: 2000 }))).toBe(true);
    expect(
      credentials.isSameVersionAs(new ManagedCredentials({ ...fields, versionId: 'v2', fetchedAt: 2000 })),
    ).toBe(false);
    expect(
      credentials.isSameVersionAs(
        new ManagedCredentials({ ...fields, accessKeyId: 'LTAI2', fetchedAt: 2000 }),
      ),
    ).toBe(false);
  });
});

describe('a masked key id', () => {
  it.each([
    ['LTAI5tAbcdefghijklmn9xYz', 'LTAI****9xYz'],
    ['LTAI5t1234567890', 'LTAI****7890'],
    ['LTAI5tShort', '****'],
    ['', '****'],
  ])('of %p is %p', (accessKeyId, masked) => {
    expect(maskAccessKeyId(accessKeyId)).toBe(masked);
  });
});
