import type { Answer } from '../http/answer.js';
import { toXml, type XmlContent, type XmlElements } from '../http/xml.js';

/** The header of every answer in XML. */
export const XML_HEADERS: Readonly<Record<string, string>> = { 'content-type': 'application/xml' };

/** An answer in XML. */
export function xmlAnswer(
  root: string,
  content: XmlContent,
  headers: Readonly<Record<string, string | number>> = {},
): Answer {
  return { status: 200, headers: { ...XML_HEADERS, ...headers }, body: toXml(root, content) };
}

/** Whoever owns everything in an account. */
export function ownerElement({ accountId }: { readonly accountId: string }): XmlElements {
  return { ID: accountId, DisplayName: accountId };
}
