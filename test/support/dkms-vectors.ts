import { createPrivateKey } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { parseClientKey, type ClientKey } from '../../lib/kms/client-key.js';

/** One recorded exchange of the official client. */
export interface DkmsVector {
  readonly name: string;
  readonly date: string;
  readonly config: {
    readonly client_key_content?: string;
    readonly access_key_id?: string;
    readonly private_key?: string;
  };
  readonly input: {
    readonly secret_name: string;
    readonly version_stage?: string;
    readonly version_id?: string;
    readonly fetch_extended_config?: boolean;
  };
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body_hex: string;
  };
  readonly string_to_sign: string;
  readonly signature_base64: string;
  readonly responses: readonly { readonly status: number; readonly body_hex: string }[];
  readonly outcome: {
    readonly result?: Readonly<Record<string, unknown>>;
    readonly error?: {
      readonly code?: string;
      readonly data?: { readonly httpCode: number; readonly requestId: string };
    };
  };
}

const FOLDER = fileURLToPath(new URL('../vectors/dkms/', import.meta.url));

/** Reads a file of the vectors' keys. */
export function vectorKeyFile(name: string): string {
  return readFileSync(`${FOLDER}keys/${name}`, 'utf8');
}

/** The path of a file of the vectors' keys. */
export function vectorKeyPath(name: string): string {
  return `${FOLDER}keys/${name}`;
}

/** All recorded exchanges. */
export const dkmsVectors: readonly DkmsVector[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => JSON.parse(readFileSync(`${FOLDER}${file}`, 'utf8')) as DkmsVector);

/** The password of all recorded client keys. */
export const vectorPassword = vectorKeyFile('password.txt').trim();

const clientKeys = new Map<string, ClientKey>();

/** The client key that an exchange was recorded with. */
export function clientKeyOf({ config }: DkmsVector): ClientKey {
  const file = (config.client_key_content ?? config.private_key ?? '').replace('@keys/', '');
  const known = clientKeys.get(file);
  if (known !== undefined) return known;
  const key =
    config.access_key_id === undefined
      ? parseClientKey(vectorKeyFile(file), vectorPassword)
      : { keyId: config.access_key_id, privateKey: createPrivateKey(vectorKeyFile(file)) };
  clientKeys.set(file, key);
  return key;
}
