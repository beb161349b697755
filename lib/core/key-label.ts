import type { KeyLabel } from './events.js';
import type { ManagedCredentials } from './managed-credentials.js';
import { maskAccessKeyId } from './mask-access-key-id.js';

/** The form in which a key appears in events. */
export function labelOf(credentials: ManagedCredentials): KeyLabel {
  return { versionId: credentials.versionId, accessKeyId: maskAccessKeyId(credentials.accessKeyId) };
}
