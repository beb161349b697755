import { createHash, sign } from 'node:crypto';
import { promisify } from 'node:util';

import type { ClientKey } from '../client-key.js';

/** The API of the dedicated-KMS gateway that this library speaks. */
const API_VERSION = 'dkms-gcs-0.2';
const SIGNATURE_METHOD = 'RSA_PKCS1_SHA_256';
const CONTENT_TYPE = 'application/x-protobuf';

const signAsync = promisify(sign);

/** One call to be signed. */
export interface UnsignedRequest {
  readonly apiName: string;
  readonly body: Uint8Array;
  /** Epoch milliseconds. KMS refuses a request whose date is off by more than 15 minutes. */
  readonly date: number;
}

/** The headers that identify, date and sign a request, named and spelled as the protocol has them. */
export type SignedHeaders = Readonly<Record<string, string>>;

/** Dates and signs one request with the client key. Each sending has to be signed anew. */
export async function signRequest(request: UnsignedRequest, clientKey: ClientKey): Promise<SignedHeaders> {
  const headers = headersToSign(request, clientKey.keyId);
  const text = Buffer.from(stringToSign(headers));
  // The asynchronous form signs in the thread pool: a signature costs about as much as all else of a request.
  const signature = await signAsync('RSA-SHA256', text, clientKey.privateKey);
  return { ...headers, authorization: `Bearer ${signature.toString('base64')}` };
}

/** The headers that go into the signature, and those it is made with. */
export function headersToSign(request: UnsignedRequest, keyId: string): SignedHeaders {
  return {
    accept: CONTENT_TYPE,
    date: new Date(request.date).toUTCString(),
    'content-type': CONTENT_TYPE,
    'content-sha256': createHash('sha256').update(request.body).digest('hex').toUpperCase(),
    'x-kms-apiversion': API_VERSION,
    'x-kms-apiname': request.apiName,
    'x-kms-signaturemethod': SIGNATURE_METHOD,
    // Three c's: the protocol's own spelling.
    'x-kms-acccesskeyid': keyId,
  };
}

/** What the signature covers: method, body hash, type, date, the `x-kms-` headers in order, and the path. */
export function stringToSign(headers: SignedHeaders): string {
  const kmsHeaders = Object.keys(headers)
    .filter((name) => name.startsWith('x-kms-'))
    .toSorted()
    .map((name) => `${name}:${headers[name]?.trim()}`);
  return [
    'POST',
    headers['content-sha256'],
    headers['content-type'],
    headers['date'],
    ...kmsHeaders,
    '/',
  ].join('\n');
}
