import { gzipSync } from 'node:zlib';
import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import { toXml, type XmlElements } from '../http/xml.js';

/** An answer in JSON as the client wants it: in XML when it accepts nothing else, compressed when it can read that. */
export function asAccepted(exchange: Exchange, answer: Answer, root: string): Answer {
  return compressed(exchange, inXml(exchange, answer, root));
}

/** An answer compressed for clients that ask for it: most SDKs could not read it. */
export function compressed(exchange: Exchange, answer: Answer): Answer {
  if (!/\bgzip\b/.test(exchange.header('accept-encoding'))) return answer;
  const headers = { ...answer.headers, 'content-encoding': 'gzip' };
  return { ...answer, headers, body: gzipSync(answer.body ?? '') };
}

function inXml(exchange: Exchange, answer: Answer, root: string): Answer {
  const [type] = /^(?:application|text)\/xml/.exec(exchange.header('accept')) ?? [];
  if (type === undefined) return answer;
  const content: unknown = JSON.parse(String(answer.body));
  const headers = { ...answer.headers, 'content-type': `${type};charset=utf-8` };
  return { ...answer, headers, body: toXml(root, isElements(content) ? content : undefined) };
}

// What came out of JSON has no other types.
function isElements(content: unknown): content is XmlElements {
  return typeof content === 'object' && content !== null;
}
