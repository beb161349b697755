import type { Clock } from './clock.js';
import type { ManagedCredentials } from './managed-credentials.js';
import { parseSecretValue } from './parse-secret-value.js';
import { rejectWhenAborted } from './reject-when-aborted.js';
import type { RecalledSecret, SecretFallback } from './secret-fallback.js';
import { withinLimit } from './within-limit.js';

/** How long a fallback may take: one that hangs must not keep KMS from being asked again. */
const FALLBACK_LIMIT_MS = 10_000;

/** A key from another place than KMS. */
export interface RecalledKey {
  readonly credentials: ManagedCredentials;
  readonly recalled: RecalledSecret;
}

/**
 * Takes the key of a secret from its fallback; undefined when there is none, or not in time. Never rejects.
 *
 * @param isUsable whether a found key will do
 */
export async function recallKey(
  secretName: string,
  { fallback, clock, closed }: { fallback: SecretFallback; clock: Clock; closed: AbortSignal },
  isUsable: (credentials: ManagedCredentials) => boolean,
): Promise<RecalledKey | undefined> {
  let credentials: ManagedCredentials | undefined;
  const recalling = fallback.recall(secretName, ({ value, fetchedAt }) => {
    credentials = parseSecretValue(value, secretName, fetchedAt).credentials;
    return isUsable(credentials);
  });
  try {
    const recalled = await withinLimit(rejectWhenAborted(recalling, closed), FALLBACK_LIMIT_MS, clock);
    return recalled && credentials && { recalled, credentials };
  } catch {
    return undefined;
  }
}
