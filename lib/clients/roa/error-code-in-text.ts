import { isRecord } from '../../core/is-record.js';

/** Error answers are short; a long text is what the caller asked for. */
const LONGEST_ERROR = 16_384;

/**
 * The error code in an answer that pop-core hands out as text: XML of any other type than text/xml, or any answer when
 * the caller wants it raw. pop-core resolves to such a text, whatever it says.
 */
export function errorCodeInText(text: string): string | undefined {
  if (text.length > LONGEST_ERROR) return undefined;
  const trimmed = text.trim();
  if (trimmed.startsWith('<')) return /<Error>[^]*?<Code>\s*([\w.]+)\s*<\/Code>/.exec(trimmed)?.[1];
  try {
    const fields: unknown = JSON.parse(trimmed);
    const code = isRecord(fields) ? (fields['Code'] ?? fields['errorCode']) : undefined;
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}
