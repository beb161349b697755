import type { Random } from './backoff.js';
import type { Clock } from './clock.js';
import { ClosedError } from './errors.js';
import type { ManagedCredentialsEvent, RefreshReason } from './events.js';
import { ExpiredKeyRecovery } from './expired-key-recovery.js';
import type { ManagedCredentials } from './managed-credentials.js';
import { Outage } from './outage.js';
import { parseSecretValue, type FetchedSecret } from './parse-secret-value.js';
import { recallKey } from './recall-key.js';
import type { RecoverableSecret } from './recoverable-secret.js';
import type { RefreshSituation } from './refresh-policy.js';
import { rejectWhenAborted } from './reject-when-aborted.js';
import { RotationWatch } from './rotation-watch.js';
import type { SecretFallback } from './secret-fallback.js';
import { SecretReport, type FetchFacts } from './secret-report.js';
import { isTemporary, type SecretSource } from './secret-value.js';
import { SuspectedKeyCheck } from './suspected-key-check.js';

/** How long a fetch may take before a fallback is asked, when there is no good key. */
const FALLBACK_AFTER_MS = 5000;

/** Timers may fire a little early. */
const TIMER_SLACK_MS = 10;

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
 * How far a secret's key can be relied on: `fresh` (KMS confirmed it at the last attempt), `stale` (it is served
 * although KMS could not confirm it, its successor is being looked for, or it has not been fetched yet), `failing`
 * (there is no key, or the cloud refuses the one there is).
 */
export type SecretState = 'fresh' | 'stale' | 'failing';

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
  #fetching: Promise<ManagedCredentials> | undefined;
  readonly #rotations = new RotationWatch();
  readonly #outage: Outage;
  readonly #report: SecretReport;
  #isDeclared = false;

  constructor(
    readonly secretName: string,
    private readonly context: ManagedSecretContext,
  ) {
    this.suspectedKeys = new SuspectedKeyCheck(this, context);
    this.expiredKeys = new ExpiredKeyRecovery(this, context, this.suspectedKeys);
    this.#outage = new Outage(context);
    this.#report = new SecretReport(secretName, context.clock, context.emit);
  }

  /** The current key, without waiting; undefined before the first fetch. */
  get current(): ManagedCredentials | undefined {
    return this.#current;
  }

  /** Whether the application is known to need the secret. */
  get isDeclared(): boolean {
    return this.#isDeclared;
  }

  get isFetching(): boolean {
    return this.#fetching !== undefined;
  }

  get state(): SecretState {
    if (this.#current === undefined) return this.#outage.isOngoing ? 'failing' : 'stale';
    if (this.expiredKeys.isGivenUp) return 'failing';
    return this.#outage.isOngoing || this.expiredKeys.isUnresolved ? 'stale' : 'fresh';
  }

  /** The code of the last failure, while KMS has not answered since. */
  get lastErrorCode(): string | undefined {
    return this.#outage.lastErrorCode;
  }

  /** What the refresh policy needs to know. */
  get situation(): RefreshSituation {
    return {
      schedule: this.#rotations.schedule,
      failures: this.#outage.failures,
      overdueChecks: this.#rotations.overdueChecks,
      deadKeyProbes: this.expiredKeys.probes,
    };
  }

  /** Tells that the application needs the secret: it is retried in the background while there is no key. */
  declare(): void {
    this.#isDeclared = true;
  }

  /**
   * The current key; fetched first when there is none yet.
   *
   * @param timeoutMs how long that fetch may take, when the source's own limit is too long
   */
  async get(timeoutMs?: number): Promise<ManagedCredentials> {
    this.#assertOpen();
    if (this.#current !== undefined) return this.#current;
    this.#outage.throwRecent(this.#isDeclared);
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

  async #fetch(reason: RefreshReason, timeoutMs = Infinity): Promise<ManagedCredentials> {
    const { clock, fallback } = this.context;
    const startedAt = clock.monotonic();
    const hasGoodKey = this.#current !== undefined && !this.expiredKeys.isUnresolved;
    // Whoever has something to fall back on need not wait for KMS to its last time-out when there is no good key.
    const soonMs = fallback?.isAvailable && !hasGoodKey ? FALLBACK_AFTER_MS : Infinity;
    try {
      return await this.#ask(reason, Math.min(timeoutMs, soonMs));
    } catch (error) {
      if (!isTemporary(error)) throw error;
      const isCutShort = clock.monotonic() - startedAt >= soonMs - TIMER_SLACK_MS;
      const recalled = await this.#recall();
      this.#assertOpen();
      if (recalled !== undefined) return recalled;
      const leftMs = timeoutMs - (clock.monotonic() - startedAt);
      if (!isCutShort || leftMs <= 0) throw error;
      return this.#ask(reason, leftMs);
    }
  }

  async #ask(reason: RefreshReason, timeoutMs: number): Promise<ManagedCredentials> {
    this.#assertOpen();
    const { source, fallback, clock, closed: signal } = this.context;
    const startedAt = clock.monotonic();
    try {
      const isProbe = reason === 'scheduled' && (this.#outage.isOngoing || this.expiredKeys.isGivenUp);
      const fetching = source.getSecretValue(this.secretName, { signal, timeoutMs, isProbe });
      const value = await rejectWhenAborted(fetching, signal);
      const fetched = parseSecretValue(value, this.secretName, clock.now());
      const current = this.#accept(fetched, { reason, durationMs: clock.monotonic() - startedAt });
      if (current === fetched.credentials) fallback?.remember(this.secretName, value, current.fetchedAt);
      return current;
    } catch (error) {
      this.#assertOpen();
      this.#outage.add(error);
      this.expiredKeys.onFetchFailed();
      const fetch = { reason, durationMs: clock.monotonic() - startedAt };
      this.#report.refreshFailed(fetch, error, this.#outage.failures, this.#current);
      throw error;
    }
  }

  /** Takes the key from elsewhere; KMS goes on being asked, since the outage goes on. */
  async #recall(): Promise<ManagedCredentials | undefined> {
    const { fallback, ...context } = this.context;
    const refused = this.expiredKeys.isUnresolved ? this.#current : undefined;
    if (fallback === undefined || (this.#current !== undefined && refused === undefined)) return undefined;
    const found = await recallKey(this.secretName, { fallback, ...context }, (key) => {
      return refused === undefined || !(key.isSameVersionAs(refused) || this.expiredKeys.isKnownDead(key));
    });
    if (found === undefined) return undefined;
    const { credentials, recalled } = found;
    this.#current = credentials;
    this.expiredKeys.onFetched(credentials);
    this.#report.recalled(credentials, recalled);
    return credentials;
  }

  #accept(fetched: FetchedSecret, fetch: FetchFacts): ManagedCredentials {
    const previous = this.#current;
    const isOutdated = previous !== undefined && this.#isOutdated(fetched.credentials);
    const current = isOutdated ? previous : fetched.credentials;
    this.#current = current;
    const schedule = isOutdated ? this.#rotations.schedule : fetched.schedule;
    this.#rotations.onFetched(schedule, fetch.reason, this.context.clock.now());
    this.expiredKeys.onFetched(current);
    this.#report.refreshed(fetch, previous, current, this.#outage.end());
    return current;
  }

  /**
   * Replicas of KMS may lag: a version that the cloud has refused does not come back in place of a later one, unless
   * the cloud refuses that one too and KMS has offered nothing else for a while.
   */
  #isOutdated(credentials: ManagedCredentials): boolean {
    return this.expiredKeys.isKnownDead(credentials) && !this.expiredKeys.isGivenUp;
  }

  #assertOpen(): void {
    if (this.context.closed.aborted) throw new ClosedError(this.secretName);
  }
}
