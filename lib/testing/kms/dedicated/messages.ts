import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { SecretValue, SecretValueQuery } from '../secret-value.js';

/**
 * Reads a GetSecretValueRequest; fields that it does not know are skipped.
 * @throws Error when the bytes are no such message
 */
export function decodeGetSecretValueRequest(bytes: Uint8Array): SecretValueQuery {
  const reader = new BinaryReader(bytes);
  const query = { secretName: '', versionStage: '', versionId: '', fetchExtendedConfig: false };
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) query.secretName = reader.string();
    else if (field === 2) query.versionStage = reader.string();
    else if (field === 3) query.versionId = reader.string();
    else if (field === 4) query.fetchExtendedConfig = reader.bool();
    else reader.skip(wireType, field);
  }
  return query;
}

/** Writes a GetSecretValueResponse. */
export function encodeGetSecretValueResponse(value: SecretValue, requestId: string): Buffer {
  const writer = new BinaryWriter();
  writeString(writer, 1, value.SecretName);
  writeString(writer, 2, value.SecretType);
  writeString(writer, 3, value.SecretData);
  writeString(writer, 4, value.SecretDataType);
  for (const stage of value.VersionStages) writeString(writer, 5, stage);
  writeString(writer, 6, value.VersionId);
  writeString(writer, 7, value.CreateTime);
  writeString(writer, 8, requestId);
  writeString(writer, 9, value.LastRotationDate);
  writeString(writer, 10, value.NextRotationDate);
  writeString(writer, 11, value.ExtendedConfig);
  writeString(writer, 12, value.AutomaticRotation);
  writeString(writer, 13, value.RotationInterval);
  return Buffer.from(writer.finish());
}

/** Writes an Error message. */
export function encodeError(status: number, code: string, message: string, requestId: string): Buffer {
  const writer = new BinaryWriter().tag(1, WireType.Varint).int32(status);
  writeString(writer, 2, code);
  writeString(writer, 3, message);
  writeString(writer, 4, requestId);
  return Buffer.from(writer.finish());
}

// proto3 leaves an empty string out.
function writeString(writer: BinaryWriter, field: number, value = ''): void {
  if (value !== '') writer.tag(field, WireType.LengthDelimited).string(value);
}
