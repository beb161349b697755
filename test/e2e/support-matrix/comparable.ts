import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

/** What differs between two runs of one call, however equal they are. */
const VOLATILE: ReadonlySet<string> = new Set([
  'LastModifiedTime',
  'RequestId',
  'createdAt',
  'date',
  'keepAliveSocket',
  'lastModifiedAt',
  'remoteAddress',
  'remotePort',
  'requestId',
  'requestUrls',
  'restoredUntil',
  'rt',
  'socketHandledRequests',
  'socketHandledResponses',
  'timing',
  'x-acs-request-id',
  'x-acs-signature-nonce',
  'x-log-requestid',
  'x-oss-request-id',
]);

const LONGEST_TEXT = 4096;

/** Names of ids that a service draws at random; that there is one counts, not which. */
const IDS =
  /^(?:task|upload|version|worm)-?id$|^x-oss-(?:version|worm)-id$|IdMarker$|^AccessKeySecret$|^SecurityToken$/i;

const REPLACED: readonly (readonly [pattern: RegExp, by: string])[] = [
  [/(\\"(?:AccessKeySecret|SecurityToken)\\":\\")[^\\]+/g, '$1ID'],
  [/<(\w*(?:Task|Upload|Version|Worm)Id\w*)>[^<]+</g, '<$1>ID<'],
  [/<LastModifiedTime>\d+</g, '<LastModifiedTime>DATE<'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, 'DATE'],
  [/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g, 'DATE'],
  [/\b(?:LTAI5t\w{18}|STS\.\w{25})\b/g, 'KEY'],
  [/\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b/g, 'UUID'],
];

/**
 * A result in a form in which two runs can be compared: streams are read to their end, bytes become their digest, and
 * what must differ is taken out.
 */
export async function comparable(value: unknown): Promise<unknown> {
  let text = JSON.stringify(await plain(value)) ?? 'null';
  for (const [pattern, by] of REPLACED) text = text.replaceAll(pattern, by);
  return JSON.parse(text);
}

async function plain(value: unknown): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return digestOf(value);
  if (value instanceof Readable) return digestOf(await bytesOf(value));
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  if (Symbol.asyncIterator in value) return plain(await itemsOf(value as AsyncIterable<unknown>));
  const fields = Object.entries(value).filter(
    ([name, field]) => !VOLATILE.has(name) && typeof field !== 'function',
  );
  const pairs = fields.map(async ([name, field]) => [name, IDS.test(name) ? 'ID' : await plain(field)]);
  return Object.fromEntries(await Promise.all(pairs)) as unknown;
}

async function itemsOf(iterable: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of iterable) items.push(item);
  return items;
}

/** All that a stream holds. */
export async function bytesOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}

// Short texts stay readable, and what must differ in them can be taken out.
function digestOf(view: ArrayBufferView): string {
  const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  if (bytes.length <= LONGEST_TEXT && isUtf8(bytes)) return bytes.toString('utf8');
  return `${bytes.byteLength} bytes, ${createHash('sha256').update(bytes).digest('hex')}`;
}
