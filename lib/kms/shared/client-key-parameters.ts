import { randomUUID, sign } from 'node:crypto';
import { promisify } from 'node:util';

import type { ClientKey } from '../client-key.js';

const signAsync = promisify(sign);

/**
 * Completes and signs the parameters of an RPC request with a client key, which the OpenAPI takes in place of an access
 * key: `SHA256withRSA` over the same text that an access key signs.
 *
 * @param method the HTTP method, part of what is signed
 */
export async function signWithClientKey(
  method: 'POST',
  parameters: Readonly<Record<string, string>>,
  clientKey: ClientKey,
): Promise<Record<string, string>> {
  const complete: Record<string, string> = {
    ...parameters,
    Format: 'JSON',
    Timestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    AccessKeyId: clientKey.keyId,
    SignatureMethod: 'SHA256withRSA',
    SignatureType: 'PRIVATEKEY',
    SignatureVersion: '1.0',
    SignatureNonce: randomUUID(),
  };
  const query = Object.keys(complete)
    .toSorted()
    .map((name) => `${encode(name)}=${encode(complete[name] ?? '')}`)
    .join('&');
  const text = `${method}&${encode('/')}&${encode(query)}`;
  const signature = await signAsync('RSA-SHA256', Buffer.from(text, 'utf8'), clientKey.privateKey);
  return { ...complete, Signature: signature.toString('base64') };
}

/** Percent-encoding by RFC 3986, of which encodeURIComponent leaves five characters out. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
