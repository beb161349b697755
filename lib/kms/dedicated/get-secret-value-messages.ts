import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** GetSecretValueRequest of the dedicated-KMS protocol; empty fields are left out, as proto3 wants it. */
export interface GetSecretValueRequest {
  readonly secretName: string;
  readonly versionStage?: string | undefined;
  readonly versionId?: string | undefined;
  readonly fetchExtendedConfig?: boolean | undefined;
}

/** GetSecretValueResponse; a field the server left out is an empty string. */
export interface GetSecretValueResponse {
  readonly secretName: string;
  readonly secretType: string;
  readonly secretData: string;
  readonly secretDataType: string;
  readonly versionStages: readonly string[];
  readonly versionId: string;
  readonly createTime: string;
  readonly requestId: string;
  readonly lastRotationDate: string;
  readonly nextRotationDate: string;
  readonly extendedConfig: string;
  readonly automaticRotation: string;
  readonly rotationInterval: string;
}

/** The Error message that comes with every 4xx and 5xx status. */
export interface KmsErrorMessage {
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly requestId: string;
}

const REQUEST_FIELDS = { secretName: 1, versionStage: 2, versionId: 3, fetchExtendedConfig: 4 } as const;

const RESPONSE_FIELDS: Readonly<Record<number, keyof GetSecretValueResponse>> = {
  1: 'secretName',
  2: 'secretType',
  3: 'secretData',
  4: 'secretDataType',
  5: 'versionStages',
  6: 'versionId',
  7: 'createTime',
  8: 'requestId',
  9: 'lastRotationDate',
  10: 'nextRotationDate',
  11: 'extendedConfig',
  12: 'automaticRotation',
  13: 'rotationInterval',
};

const ERROR_FIELDS: Readonly<Record<number, keyof KmsErrorMessage>> = {
  2: 'errorCode',
  3: 'errorMessage',
  4: 'requestId',
};

/** Field 1 of the Error message is a number; the HTTP status says the same and is believed instead. */
const ERROR_STATUS_FIELD = 1;

/** Serializes a request, in the order of its field numbers. */
export function encodeGetSecretValueRequest(request: GetSecretValueRequest): Uint8Array {
  const writer = new BinaryWriter();
  for (const name of ['secretName', 'versionStage', 'versionId'] as const) {
    const text = request[name];
    if (text) writer.tag(REQUEST_FIELDS[name], WireType.LengthDelimited).string(text);
  }
  if (request.fetchExtendedConfig) {
    writer.tag(REQUEST_FIELDS.fetchExtendedConfig, WireType.Varint).bool(true);
  }
  return writer.finish();
}

/**
 * Reads the body of a 200 answer. Unknown fields are skipped; a known field of another type is nonsense and not
 * a secret, such as an Error message that came under status 200.
 *
 * @throws Error when the bytes are no such message
 */
export function decodeGetSecretValueResponse(body: Uint8Array): GetSecretValueResponse {
  const fields = readStrings(body, RESPONSE_FIELDS);
  const text = (name: keyof GetSecretValueResponse) => fields.get(name)?.at(-1) ?? '';
  return {
    secretName: text('secretName'),
    secretType: text('secretType'),
    secretData: text('secretData'),
    secretDataType: text('secretDataType'),
    versionStages: fields.get('versionStages') ?? [],
    versionId: text('versionId'),
    createTime: text('createTime'),
    requestId: text('requestId'),
    lastRotationDate: text('lastRotationDate'),
    nextRotationDate: text('nextRotationDate'),
    extendedConfig: text('extendedConfig'),
    automaticRotation: text('automaticRotation'),
    rotationInterval: text('rotationInterval'),
  };
}

/**
 * Reads the body of a 4xx or 5xx answer.
 *
 * @throws Error when the bytes are no such message, as those of a proxy's HTML page
 */
export function decodeKmsErrorMessage(body: Uint8Array): KmsErrorMessage {
  const fields = readStrings(body, ERROR_FIELDS, ERROR_STATUS_FIELD);
  const text = (name: keyof KmsErrorMessage) => fields.get(name)?.at(-1) ?? '';
  return {
    errorCode: text('errorCode'),
    errorMessage: text('errorMessage'),
    requestId: text('requestId'),
  };
}

function readStrings<Name extends string>(
  body: Uint8Array,
  names: Readonly<Record<number, Name>>,
  numberField?: number,
): Map<Name, string[]> {
  const reader = new BinaryReader(body);
  const fields = new Map<Name, string[]>();
  while (reader.pos < reader.len) {
    const [fieldNumber, wireType] = reader.tag();
    const name = names[fieldNumber];
    const expected = fieldNumber === numberField ? WireType.Varint : WireType.LengthDelimited;
    if ((name !== undefined || fieldNumber === numberField) && wireType !== expected) {
      throw new Error(`field ${fieldNumber} has wire type ${wireType}`);
    }
    if (name === undefined) {
      reader.skip(wireType, fieldNumber);
      continue;
    }
    const values = fields.get(name) ?? [];
    values.push(reader.string(true));
    fields.set(name, values);
  }
  return fields;
}
