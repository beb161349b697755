/** A part of an object; `end` is its last byte. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What a Range header asks for. OSS takes a range that does not fit for none at all, unless the client asks for
 * the standard behaviour (`x-oss-range-behavior: standard`).
 * @returns undefined for the whole object, `unsatisfiable` for status 416
 */
export function parseRange(
  header: string,
  size: number,
  standard: boolean,
): ByteRange | 'unsatisfiable' | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const range =
    first === ''
      ? { start: Math.max(size - Number(last), 0), end: size - 1 }
      : { start: Number(first), end: last === '' ? size - 1 : Number(last) };
  if (range.start > range.end) return range.start >= size && standard ? 'unsatisfiable' : undefined;
  if (range.end < size) return range;
  if (!standard) return undefined;
  return range.start < size ? { ...range, end: size - 1 } : 'unsatisfiable';
}
