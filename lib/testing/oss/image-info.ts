import { extname } from 'node:path';
import type { Answer } from '../http/answer.js';
import type { OssCall } from './oss-operation.js';
import type { StoredObject } from './stored-object.js';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const GIF = Buffer.from('GIF8');

/** What `x-oss-process=image/info` answers. The size is that of a PNG or a GIF; other images count as one pixel. */
export function imageInfo({
  name,
  body,
}: StoredObject): Readonly<Record<string, { readonly value: string }>> {
  const { format, width, height } = headerOf(body) ?? { format: formatOf(name), width: 1, height: 1 };
  const values = { FileSize: body.length, Format: format, ImageHeight: height, ImageWidth: width };
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { value: String(value) }]));
}

/** What the image service of old answers to `NAME@infoexif` and `NAME@exif`, unless an object has that very name. */
export function legacyImageInfo({ store, address: { bucket, object } }: OssCall): Answer | undefined {
  const [, name] = /^(.+)@(?:info)?exif$/.exec(object) ?? [];
  const image = name === undefined || store.get(bucket, object) ? undefined : store.get(bucket, name);
  if (!image) return undefined;
  const headers = { 'content-type': 'application/json' };
  return { status: 200, headers, body: JSON.stringify(imageInfo(image)) };
}

function headerOf(body: Buffer): { format: string; width: number; height: number } | undefined {
  if (body.subarray(0, PNG.length).equals(PNG) && body.length >= 24) {
    return { format: 'png', width: body.readUInt32BE(16), height: body.readUInt32BE(20) };
  }
  if (body.subarray(0, GIF.length).equals(GIF) && body.length >= 10) {
    return { format: 'gif', width: body.readUInt16LE(6), height: body.readUInt16LE(8) };
  }
  return undefined;
}

function formatOf(name: string): string {
  return extname(name).slice(1).toLowerCase().replace('jpeg', 'jpg') || 'jpg';
}
