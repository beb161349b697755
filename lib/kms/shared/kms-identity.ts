import type { ClientKey } from '../client-key.js';
import type { RamIdentity } from './ram-identity.js';

/** Who the application is towards the shared KMS. */
export type KmsIdentity =
  | { readonly kind: 'ram'; readonly identity: RamIdentity }
  | { readonly kind: 'clientKey'; readonly clientKey: ClientKey };
