import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { request } from 'node:https';
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import forge from 'node-forge';
import type { AlibabaCloudEmulator } from '../../../lib/testing/index.js';

/** What came back from a raw call. */
export interface RawAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** One recorded or home-made request to dedicated KMS. */
export interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Sends bytes as they are, trusting only the emulator's CA. */
export function sendRaw(
  cloud: Pick<AlibabaCloudEmulator, 'endpoints' | 'certificates'>,
  raw: RawRequest,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(raw.path ?? '/', cloud.endpoints.dedicatedKms),
      { method: raw.method ?? 'POST', headers: raw.headers, ca: cloud.certificates.ca, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
        response.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(raw.body);
  });
}

/** The fields of a message, by number; a field that comes several times has several values. */
export function fieldsOf(body: Buffer): Map<number, string[]> {
  const reader = new BinaryReader(body);
  const fields = new Map<number, string[]>();
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    const value = wireType === WireType.Varint ? String(reader.int32()) : reader.string();
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}

/** The status and the code of a refusal. */
export async function errorOf(
  cloud: AlibabaCloudEmulator,
  raw: RawRequest,
): Promise<readonly [status: number, code: string]> {
  const { status, body } = await sendRaw(cloud, raw);
  return [status, fieldsOf(body).get(2)?.[0] ?? ''];
}

const opened = new WeakMap<AlibabaCloudEmulator, KeyObject>();

/** The emulator's client key, opened as a client would. */
export function privateKeyOf(cloud: AlibabaCloudEmulator): KeyObject {
  const key = opened.get(cloud) ?? openKey(cloud);
  opened.set(cloud, key);
  return key;
}

function openKey(cloud: AlibabaCloudEmulator): KeyObject {
  const content = JSON.parse(cloud.clientKey.json) as { PrivateKeyData: string };
  const der = Buffer.from(content.PrivateKeyData, 'base64').toString('latin1');
  const bagType = forge.pki.oids['pkcs8ShroudedKeyBag'] ?? '';
  const bags = forge.pkcs12
    .pkcs12FromAsn1(forge.asn1.fromDer(der), cloud.clientKey.password)
    .getBags({ bagType });
  const key = bags[bagType]?.[0]?.key;
  if (!key) throw new Error('no key');
  return createPrivateKey(forge.pki.privateKeyToPem(key));
}

/** A correctly signed GetSecretValue request. */
export function getSecretValueRequest(
  cloud: AlibabaCloudEmulator,
  query: { secretName: string; versionStage?: string; versionId?: string; extended?: boolean },
  overrides: Readonly<Record<string, string>> = {},
): RawRequest {
  const writer = new BinaryWriter().tag(1, WireType.LengthDelimited).string(query.secretName);
  if (query.versionStage) writer.tag(2, WireType.LengthDelimited).string(query.versionStage);
  if (query.versionId) writer.tag(3, WireType.LengthDelimited).string(query.versionId);
  if (query.extended) writer.tag(4, WireType.Varint).bool(true);
  const body = Buffer.from(writer.finish());
  const headers: Record<string, string> = {
    accept: 'application/x-protobuf',
    'content-type': 'application/x-protobuf',
    'content-length': String(body.length),
    'content-sha256': createHash('sha256').update(body).digest('hex').toUpperCase(),
    date: new Date().toUTCString(),
    'user-agent': 'test',
    'x-kms-acccesskeyid': cloud.clientKey.keyId,
    'x-kms-apiname': 'GetSecretValue',
    'x-kms-apiversion': 'dkms-gcs-0.2',
    'x-kms-signaturemethod': 'RSA_PKCS1_SHA_256',
    ...overrides,
  };
  const text = [
    'POST',
    headers['content-sha256'],
    headers['content-type'],
    headers['date'],
    ...['x-kms-acccesskeyid', 'x-kms-apiname', 'x-kms-apiversion', 'x-kms-signaturemethod'].map(
      (name) => `${name}:${headers[name]}`,
    ),
    '/',
  ].join('\n');
  const signature = sign('sha256', Buffer.from(text), privateKeyOf(cloud)).toString('base64');
  return { headers: { authorization: `Bearer ${signature}`, ...headers }, body };
}
