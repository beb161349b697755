import type { IncomingMessage } from 'node:http';
import { ConnectionLostError, ServiceError } from '../http/service-error.js';

// More than any secret or any answer of a fault needs.
const LIMIT_BYTES = 1_000_000;

/**
 * Reads a request's body as a JSON object; no body at all is an empty one.
 * @throws ServiceError 400, 413 or 415 for anything else; ConnectionLostError when the client goes away in the middle
 */
export async function readJsonBody(request: IncomingMessage): Promise<object> {
  const text = await readText(request);
  if (text.trim() === '') return {};
  // A web page cannot send this type to another origin without being asked for leave first.
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new ServiceError(
      415,
      'UnsupportedMediaType',
      "Send JSON, with the header 'content-type: application/json'.",
    );
  }
  const body = parse(text);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  throw new ServiceError(
    400,
    'InvalidJson',
    'The body must be a JSON object, such as {"name":"oss-writer"}.',
  );
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // What is too much is received all the same: a client that is cut off while it sends sees no answer.
      if (bytes <= LIMIT_BYTES) chunks.push(chunk);
    }
  } catch {
    throw new ConnectionLostError('The client went away.');
  }
  if (bytes > LIMIT_BYTES) {
    throw new ServiceError(413, 'TooLarge', `The body may have ${LIMIT_BYTES} bytes at most.`);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ServiceError(400, 'InvalidJson', 'The body is not valid JSON.');
  }
}
