import { types } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';

import {
  decodeGetSecretValueResponse,
  decodeKmsErrorMessage,
  encodeGetSecretValueRequest,
} from '../../lib/kms/dedicated/get-secret-value-messages.js';
import { holds } from '../support/property-runs.js';

const NAMES = [
  'secretName',
  'secretType',
  'secretData',
  'secretDataType',
  'versionStages',
  'versionId',
  'createTime',
  'requestId',
  'lastRotationDate',
  'nextRotationDate',
  'extendedConfig',
  'automaticRotation',
  'rotationInterval',
] as const;

type Field = readonly [number: number, text: string];

function encode(fields: readonly Field[]): Uint8Array {
  const writer = new BinaryWriter();
  for (const [number, text] of fields) writer.tag(number, WireType.LengthDelimited).string(text);
  return writer.finish();
}

/** Text that survives UTF-8. */
const text = fc.string({ unit: 'grapheme' });
const knownField = fc.tuple(fc.integer({ min: 1, max: NAMES.length }), text);
const unknownField = fc.tuple(fc.integer({ min: NAMES.length + 1, max: 2000 }), text);
const answer = fc.array(fc.oneof(knownField, unknownField)).map(encode);

const mutated = fc
  .tuple(
    answer,
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
    fc.nat(),
  )
  .map(([bytes, changes, length]) => {
    const copy = Uint8Array.from(bytes);
    for (const [at, byte] of changes) if (copy.length > 0) copy[at % copy.length] = byte;
    return copy.subarray(0, length % (copy.length + 1) || copy.length);
  });

function attempt<Value>(act: () => Value): Value | Error {
  try {
    return act();
  } catch (error) {
    // Errors of Node's own decoders are of another realm than the test.
    if (types.isNativeError(error)) return error;
    throw error;
  }
}

describe('whatever a dedicated KMS instance sends', () => {
  it('the fields of an answer are read, the last of a repetition counts, and unknown ones are skipped', () => {
    holds(
      fc.property(fc.array(fc.oneof(knownField, unknownField)), (fields) => {
        const decoded = decodeGetSecretValueResponse(encode(fields));
        const expected = NAMES.map((name, index) => {
          const given = fields.filter(([number]) => number === index + 1).map(([, value]) => value);
          return [name, name === 'versionStages' ? given : (given.at(-1) ?? '')];
        });
        expect(decoded).toEqual(Object.fromEntries(expected));
      }),
    );
  });

  it('bytes that are no answer are refused, or are an answer made of text', () => {
    holds(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (bytes) => {
        for (const decode of [decodeGetSecretValueResponse, decodeKmsErrorMessage]) {
          const decoded = attempt(() => decode(bytes));
          const values = types.isNativeError(decoded) ? [] : Object.values(decoded).flat();
          expect(values.every((value) => typeof value === 'string')).toBe(true);
        }
      }),
    );
  });

  it('an error message is no secret, whatever it says', () => {
    holds(
      fc.property(
        fc.integer({ min: 400, max: 599 }),
        text,
        text,
        text,
        (status, code, message, requestId) => {
          const writer = new BinaryWriter().tag(1, WireType.Varint).int32(status);
          const rest = encode([
            [2, code],
            [3, message],
            [4, requestId],
          ]);
          const bytes = Buffer.concat([writer.finish(), rest]);
          expect(() => decodeGetSecretValueResponse(bytes)).toThrow(Error);
          expect(decodeKmsErrorMessage(bytes)).toEqual({ errorCode: code, errorMessage: message, requestId });
        },
      ),
    );
  });

  it('a request carries each name as it was given', () => {
    holds(
      fc.property(text, text, fc.boolean(), (secretName, versionStage, fetchExtendedConfig) => {
        const reader = new BinaryReader(
          encodeGetSecretValueRequest({ secretName, versionStage, fetchExtendedConfig }),
        );
        const sent = new Map<number, string | boolean>();
        while (reader.pos < reader.len) {
          const [number] = reader.tag();
          sent.set(number, number === 4 ? reader.bool() : reader.string());
        }
        expect(sent.get(1) ?? '').toBe(secretName);
        expect(sent.get(2) ?? '').toBe(versionStage);
        expect(sent.get(4) ?? false).toBe(fetchExtendedConfig);
      }),
    );
  });
});
