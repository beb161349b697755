import { randomUUID } from 'node:crypto';

import type { RpcSigner } from './rpc-signer.js';

/**
 * The form of an RPC request of the OpenAPI, dated and signed (signature version 1.0), to be sent by POST. Each sending
 * needs a form of its own, since a nonce is accepted once.
 *
 * @param parameters the action, its version and what it takes
 */
export async function signedRpcForm(
  parameters: Readonly<Record<string, string>>,
  signer: RpcSigner,
): Promise<string> {
  const complete: Readonly<Record<string, string>> = {
    ...parameters,
    ...signer.parameters,
    Format: 'JSON',
    // To the second: the OpenAPI knows no fractions.
    Timestamp: new Date().toISOString().replace(/\.\d+/, ''),
    SignatureNonce: randomUUID(),
    SignatureVersion: '1.0',
  };
  const form = Object.entries(complete)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');
  const signature = await signer.sign(`POST&${encode('/')}&${encode(form)}`);
  return `${form}&Signature=${encode(signature)}`;
}

/** Percent-encoding by RFC 3986, of which encodeURIComponent leaves five characters out. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
