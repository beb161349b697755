import type { Random } from './backoff.js';
import type { Clock } from './clock.js';
import { ClosedError, errorCodeOf } from './errors.js';
import type { ManagedCredentialsEvent, RefreshReason } from './events.js';
import { ExpiredKeyRecovery } from './expired-key-recovery.js';
import { isError } from './is-error.js';
import { labelOf } from './key-label.js';
import type { ManagedCredentials } from './managed-credentials.js';
import { parseSecretValue, type FetchedSecret } from './parse-secret-value.js';
import type { RecoverableSecret } from './recoverable-secret.js';
import { isRotationOverdue, type RefreshSituation, type RotationSchedule } from './refresh-policy.js';
import type { SecretFallback } from './secret-fallback.js';
import { isTemporary, type SecretSource } from './secret-value.js';
import { SuspectedKeyCheck } from './suspected-key-check.js';

/** A first fetch that failed is not repeated within this time, however many calls ask for the secret. */
const FAILED_FETCH_MEMORY_MS = 1000;

/** How long the first fetch may take before a fallback is asked. */
const FALLBACK_AFTER_MS = 5000;

/** What a managed secret works with. */
export interface ManagedSecretContext {
  readonly source: SecretSource;
  /** Asked for a key when KMS cannot be, and there is none or the cloud refuses the one there is. */
  readonly fallback?: SecretFallback | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** How long calls wait for the successor of a refused key that KMS does not offer yet. */
  readonly expiredKeyWaitMs: number;
  readonly emit: (event: ManagedCredentialsEvent) => void;
  /** Aborted when the module is shut down. */
  readonly closed: AbortSignal;
}

/**
 * How far a secret's key can be relied on: `fresh` (KMS confirmed it at the last attempt), `stale` (served
 * although KMS could not confirm it), `failing` (there is no key, or the cloud refuses the one there is).
 */
export type SecretState = 'fresh' | 'stale' | 'failing';

interface Outage {
  readonly since: number;
  failures: number;
  lastError: unknown;
  lastFailureAt: number;
}

/**
 * One secret: its current key, and the one fetch that may be under way for it.
 *
 * The key is replaced by a single assignment of a frozen snapshot, and a failed fetch never takes it away.
 */
export class ManagedSecret implements RecoverableSecret {
  /** Expired keys: what calls do when the cloud refuses the key they were signed with. */
  readonly expiredKeys: ExpiredKeyRecovery;
  /** Suspected keys: the same for a refusal that does not say whether the key is the reason. */
  readonly suspectedKeys: SuspectedKeyCheck;
  #current: ManagedCredentials | undefined;
  #schedule: RotationSchedule = {};
  #fetching: Promise<ManagedCredentials> | undefined;
  #outage: Outage | undefined;
  #overdueChecks = 0;

  constructor(
    readonly secretName: string,
    private readonly context: ManagedSecretContext,
  ) {
    this.expiredKeys = new ExpiredKeyRecovery(this, context);
    this.suspectedKeys = new SuspectedKeyCheck(this, context);
  }

  /** The current key, without waiting; undefined before the first fetch. */
  get current(): ManagedCredentials | undefined {
    return this.#current;
  }

  get isFetching(): boolean {
    return this.#fetching !== undefined;
  }

  get state(): SecretState {
    if (this.#current === undefined) return this.#outage === undefined ? 'stale' : 'failing';
    if (this.expiredKeys.isGivenUp) return 'failing';
    return this.#outage === undefined && !this.expiredKeys.isUnresolved ? 'fresh' : 'stale';
  }

  /** The code of the last failure, while KMS has not answered since. */
  get lastErrorCode(): string | undefined {
    return this.#outage && errorCodeOf(this.#outage.lastError);
  }

  /** What the refresh policy needs to know. */
  get situation(): RefreshSituation {
    return {
      schedule: this.#schedule,
      failures: this.#outage?.failures ?? 0,
      overdueChecks: this.#overdueChecks,
      deadKeyProbes: this.expiredKeys.probes,
    };
  }

  /**
   * The current key; fetched first when there is none yet.
   *
   * @param timeoutMs how long that fetch may take, when the source's own limit is too long
   */
  async get(timeoutMs?: number): Promise<ManagedCredentials> {
    this.#assertOpen();
    if (this.#current !== undefined) return this.#current;
    const outage = this.#outage;
    if (outage && this.context.clock.monotonic() - outage.lastFailureAt < FAILED_FETCH_MEMORY_MS) {
      throw outage.lastError;
    }
    return this.refresh('initial', timeoutMs);
  }

  /**
   * Asks KMS for the current version, once however many ask at the same time, and answers what serves from then
   * on. Rejects when the fetch fails; the last good key goes on serving all the same.
   */
  async refresh(reason: RefreshReason, timeoutMs?: number): Promise<ManagedCredentials> {
    this.#assertOpen();
    this.#fetching ??= this.#fetch(reason, timeoutMs).finally(() => {
      this.#fetching = undefined;
    });
    return this.#fetching;
  }

  async #fetch(reason: RefreshReason, timeoutMs?: number): Promise<ManagedCredentials> {
    const { clock, fallback } = this.context;
    const isFirst = this.#current === undefined;
    if (!fallback?.isAvailable || !isFirst) return this.#ask(reason, timeoutMs);
    // Whoever has something to fall back on need not wait for KMS to its last time-out before the first key.
    const startedAt = clock.monotonic();
    const soonMs = Math.min(timeoutMs ?? Infinity, FALLBACK_AFTER_MS);
    return this.#ask(reason, soonMs).catch(async (error: unknown) => {
      if (!isTemporary(error)) throw error;
      const leftMs = (timeoutMs ?? Infinity) - (clock.monotonic() - startedAt);
      if (leftMs <= 0) throw error;
      return this.#ask(reason, leftMs === Infinity ? undefined : leftMs);
    });
  }

  async #ask(reason: RefreshReason, timeoutMs?: number): Promise<ManagedCredentials> {
    const { source, fallback, clock, closed: signal } = this.context;
    const startedAt = clock.monotonic();
    try {
      const isProbe = reason === 'scheduled' && (this.#outage !== undefined || this.expiredKeys.isGivenUp);
      const fetching = source.getSecretValue(this.secretName, { signal, timeoutMs, isProbe });
      const value = await rejectWhenAborted(fetching, signal);
      const fetched = parseSecretValue(value, this.secretName, clock.now());
      const current = this.#accept(fetched, reason, clock.monotonic() - startedAt);
      if (current === fetched.credentials) fallback?.remember(this.secretName, value, current.fetchedAt);
      return current;
    } catch (error) {
      this.#assertOpen();
      this.#fail(error, reason, clock.monotonic() - startedAt);
      const recalled = isTemporary(error) ? await this.#recall() : undefined;
      if (recalled === undefined) throw error;
      return recalled;
    }
  }

  /** Takes the key from elsewhere; KMS goes on being asked, since the outage goes on. */
  async #recall(): Promise<ManagedCredentials | undefined> {
    const { fallback, emit, clock } = this.context;
    const refused = this.expiredKeys.isUnresolved ? this.#current : undefined;
    if (fallback === undefined || (this.#current !== undefined && refused === undefined)) return undefined;
    let found: FetchedSecret | undefined;
    const recalled = await fallback.recall(this.secretName, ({ value, fetchedAt }) => {
      found = parseSecretValue(value, this.secretName, fetchedAt);
      return refused === undefined || !found.credentials.isSameVersionAs(refused);
    });
    if (recalled === undefined || found === undefined || this.context.closed.aborted) return undefined;
    const { credentials } = found;
    this.#current = credentials;
    this.expiredKeys.onFetched(credentials);
    const { fetchedAt, origin } = recalled;
    const key = labelOf(credentials);
    emit({ type: 'recalled', secretName: this.secretName, at: clock.now(), key, origin, fetchedAt });
    return credentials;
  }

  #accept(fetched: FetchedSecret, reason: RefreshReason, durationMs: number): ManagedCredentials {
    const { clock, emit } = this.context;
    const previous = this.#current;
    const outage = this.#outage;
    const at = clock.now();
    // Replicas of KMS may lag: a version that the cloud has refused never comes back in place of a later one.
    const isOutdated = previous !== undefined && this.expiredKeys.isKnownDead(fetched.credentials);
    const current = isOutdated ? previous : fetched.credentials;
    this.#current = current;
    if (!isOutdated) this.#schedule = fetched.schedule;
    this.#outage = undefined;
    this.#overdueChecks = this.#countOverdueCheck(at, reason);
    this.expiredKeys.onFetched(current);

    const event = { secretName: this.secretName, at, reason, durationMs };
    if (outage !== undefined) {
      const outageMs = clock.monotonic() - outage.since;
      emit({
        type: 'recovered',
        secretName: this.secretName,
        at,
        failures: outage.failures,
        outageMs,
      });
    }
    if (previous !== undefined && !current.isSameVersionAs(previous)) {
      emit({ ...event, type: 'rotated', from: labelOf(previous), to: labelOf(current) });
    }
    emit({ ...event, type: 'refreshed', key: labelOf(current) });
    return current;
  }

  #countOverdueCheck(at: number, reason: RefreshReason): number {
    if (!isRotationOverdue(at, this.#schedule)) return 0;
    return reason === 'scheduled' ? this.#overdueChecks + 1 : Math.max(1, this.#overdueChecks);
  }

  #fail(error: unknown, reason: RefreshReason, durationMs: number): void {
    const { clock, emit } = this.context;
    const lastFailureAt = clock.monotonic();
    const isFirst = this.#outage === undefined;
    this.#outage ??= { since: lastFailureAt, failures: 0, lastError: error, lastFailureAt };
    this.#outage.failures += 1;
    this.#outage.lastError = error;
    this.#outage.lastFailureAt = lastFailureAt;
    this.expiredKeys.onFetchFailed();

    const event = { secretName: this.secretName, at: clock.now() };
    if (isFirst && this.#current !== undefined) {
      const { fetchedAt } = this.#current;
      emit({
        ...event,
        type: 'staleServed',
        key: labelOf(this.#current),
        fetchedAt,
        errorCode: errorCodeOf(error),
      });
    }
    emit({
      ...event,
      type: 'refreshFailed',
      reason,
      errorCode: errorCodeOf(error),
      requestId: requestIdOf(error),
      failures: this.#outage.failures,
      durationMs,
    });
  }

  #assertOpen(): void {
    if (this.context.closed.aborted) throw new ClosedError(this.secretName);
  }
}

function requestIdOf(error: unknown): string | undefined {
  const requestId: unknown = isError(error) ? error['requestId'] : undefined;
  return typeof requestId === 'string' ? requestId : undefined;
}

/** A source that does not heed its signal must not hold up a shutdown. */
function rejectWhenAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(new Error('aborted'));
    signal.addEventListener('abort', onAbort, { once: true });
    promise
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort))
      .catch(() => undefined);
  });
}
