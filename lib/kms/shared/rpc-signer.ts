import { createHmac, sign } from 'node:crypto';
import { promisify } from 'node:util';

import type { ClientKey } from '../client-key.js';
import type { SigningCredentials } from './ram-identity.js';

const signAsync = promisify(sign);

/** What RPC requests are signed with. */
export interface RpcSigner {
  /** Parameters that say who signs a request, and how. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Signs a text; the signature is in base64. */
  sign(text: string): Promise<string>;
}

/** Signs with an access key, or with the temporary one of a session. */
export function accessKeySigner(credentials: SigningCredentials): RpcSigner {
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  return {
    parameters: {
      AccessKeyId: accessKeyId,
      SignatureMethod: 'HMAC-SHA1',
      ...(securityToken === undefined ? {} : { SecurityToken: securityToken }),
    },
    sign: async (text) => createHmac('sha1', `${accessKeySecret}&`).update(text).digest('base64'),
  };
}

/** Signs with a client key, which the OpenAPI takes in place of an access key. */
export function clientKeySigner({ keyId, privateKey }: ClientKey): RpcSigner {
  return {
    parameters: { AccessKeyId: keyId, SignatureMethod: 'SHA256withRSA', SignatureType: 'PRIVATEKEY' },
    sign: async (text) => (await signAsync('RSA-SHA256', Buffer.from(text), privateKey)).toString('base64'),
  };
}
