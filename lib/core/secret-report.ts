import type { Clock } from './clock.js';
import { errorCodeOf } from './errors.js';
import type { ManagedCredentialsEvent, RefreshReason } from './events.js';
import { isError } from './is-error.js';
import { labelOf } from './key-label.js';
import type { ManagedCredentials } from './managed-credentials.js';
import type { PastOutage } from './outage.js';
import type { RecalledSecret } from './secret-fallback.js';

/** One fetch of a secret, as events tell of it. */
export interface FetchFacts {
  readonly reason: RefreshReason;
  /** Retries and failover included. */
  readonly durationMs: number;
}

/** Tells of what happens to the key of one secret. */
export class SecretReport {
  constructor(
    private readonly secretName: string,
    private readonly clock: Clock,
    private readonly emit: (event: ManagedCredentialsEvent) => void,
  ) {}

  /** KMS has answered. */
  refreshed(
    fetch: FetchFacts,
    previous: ManagedCredentials | undefined,
    current: ManagedCredentials,
    outage: PastOutage | undefined,
  ): void {
    const event = this.#event();
    if (outage !== undefined) this.emit({ ...event, ...outage, type: 'recovered' });
    const key = labelOf(current);
    if (previous !== undefined && !current.isSameVersionAs(previous)) {
      this.emit({ ...event, ...fetch, type: 'rotated', from: labelOf(previous), to: key });
    }
    this.emit({ ...event, ...fetch, type: 'refreshed', key });
  }

  /** A fetch has failed, for the how manieth time in a row; the current key, if there is one, goes on serving. */
  refreshFailed(
    fetch: FetchFacts,
    error: unknown,
    failures: number,
    current: ManagedCredentials | undefined,
  ): void {
    const event = { ...this.#event(), errorCode: errorCodeOf(error) };
    if (failures === 1 && current !== undefined) {
      this.emit({ ...event, type: 'staleServed', key: labelOf(current), fetchedAt: current.fetchedAt });
    }
    this.emit({ ...event, ...fetch, type: 'refreshFailed', requestId: requestIdOf(error), failures });
  }

  /** The key was taken from elsewhere. */
  recalled(credentials: ManagedCredentials, { origin, fetchedAt }: RecalledSecret): void {
    this.emit({ ...this.#event(), type: 'recalled', key: labelOf(credentials), origin, fetchedAt });
  }

  #event(): { readonly secretName: string; readonly at: number } {
    return { secretName: this.secretName, at: this.clock.now() };
  }
}

function requestIdOf(error: unknown): string | undefined {
  const requestId: unknown = isError(error) ? error['requestId'] : undefined;
  return typeof requestId === 'string' ? requestId : undefined;
}
