import { inspect } from 'node:util';

import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import forge from 'node-forge';

import { InvalidClientKeyError, parseClientKey } from '../../lib/kms/client-key.js';
import { holds } from '../support/property-runs.js';

const PASSWORD = 'Planted0123456789Password';
const KEY_ID = 'KAAP.3d3a1a5c';

/** A client key whose password is stretched once only, so that thousands can be opened. */
function newStore(): Buffer {
  const keys = forge.pki.rsa.generateKeyPair(512);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  const store = forge.pkcs12.toPkcs12Asn1(keys.privateKey, [certificate], PASSWORD, {
    algorithm: '3des',
    count: 1,
  });
  return Buffer.from(forge.asn1.toDer(store).getBytes(), 'latin1');
}

/** What a broken client key is: an error of ours that quotes nothing of it, or a key after all. */
function isWellBehaved(json: string, password: string): boolean {
  try {
    return parseClientKey(json, password).privateKey.type === 'private';
  } catch (error) {
    const shown = inspect(error, { depth: 9 });
    return error instanceof InvalidClientKeyError && !shown.includes(PASSWORD) && error.remedy !== '';
  }
}

let store: Buffer;
/** Bytes that are no iteration count: a flipped bit there would stretch the password for hours. */
let mutable: number[];
beforeAll(() => {
  store = newStore();
  const countAt = new Set<number>();
  for (let at = store.indexOf('020101', 0, 'hex'); at !== -1; at = store.indexOf('020101', at + 1, 'hex')) {
    for (const offset of [0, 1, 2]) countAt.add(at + offset);
  }
  mutable = [...store.keys()].filter((at) => !countAt.has(at));
});

describe('a client key', () => {
  it('that is as it should be is opened', () => {
    const json = JSON.stringify({ KeyId: KEY_ID, PrivateKeyData: store.toString('base64') });
    expect(parseClientKey(json, PASSWORD)).toMatchObject({ keyId: KEY_ID });
    expect(() => parseClientKey(json, `${PASSWORD}!`)).toThrow(InvalidClientKeyError);
  });

  it('with any byte of its store changed, or cut short, is opened or refused without a word of its content', () => {
    const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }));
    holds(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), fc.option(fc.nat()), (changes, cut) => {
        const bytes = Buffer.from(store);
        for (const [index, byte] of changes) bytes[mutable[index % mutable.length] ?? 0] = byte;
        const data = bytes.subarray(0, cut === null ? bytes.length : cut % bytes.length).toString('base64');
        expect(isWellBehaved(JSON.stringify({ KeyId: KEY_ID, PrivateKeyData: data }), PASSWORD)).toBe(true);
      }),
    );
  });

  it('of any other content is refused without a word of it', () => {
    const field = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.constant(PASSWORD),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const json = fc.oneof(
      fc
        .record({ KeyId: field, PrivateKeyData: field }, { requiredKeys: [] })
        .map((value) => JSON.stringify(value)),
      fc.json({ maxDepth: 2 }),
      fc.string(),
      fc.constant(`{"KeyId":"${PASSWORD}`),
    );
    holds(
      fc.property(json, fc.string(), (content, password) =>
        expect(isWellBehaved(content, password)).toBe(true),
      ),
    );
  });
});
