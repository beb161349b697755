import type { ManagedCredentialsRuntime } from './managed-credentials.runtime.js';

/** How long a start waits in silence. */
const SILENCE_MS = 5000;

/**
 * Says once in the log what a start is waiting for, after 5 seconds or a third of its time: KMS is asked again for as
 * long as that, and whoever looks at the log should see why nothing happens.
 *
 * @param pending the secrets that are not there yet, looked at when it is time
 * @returns what calls it off
 */
export function noticeWaiting(
  { events, logger, options: { startupTimeoutMs } }: ManagedCredentialsRuntime,
  pending: ReadonlySet<string>,
): () => void {
  const outcomes = new Map<string, string>();
  const subscription = events.stream.subscribe((event) => {
    if (event.type === 'kmsRequest') outcomes.set(event.secretName, `${event.endpoint}: ${event.outcome}`);
  });
  const silenceMs = Math.min(SILENCE_MS, startupTimeoutMs / 3);
  const timer = setTimeout(() => {
    const [secretName] = pending;
    if (secretName === undefined) return;
    logger.waiting(secretName, pending.size, outcomes.get(secretName), startupTimeoutMs - silenceMs);
  }, silenceMs);
  return () => {
    clearTimeout(timer);
    subscription.unsubscribe();
  };
}
