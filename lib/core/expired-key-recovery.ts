import { DeadKeys } from './dead-keys.js';
import type { ManagedCredentialsEvent } from './events.js';
import { labelOf } from './key-label.js';
import type { ManagedCredentials } from './managed-credentials.js';
import type { RecoverableSecret } from './recoverable-secret.js';
import { SuccessorSearch, type SuccessorSearchContext } from './successor-search.js';
import type { SuspectedKeyCheck } from './suspected-key-check.js';

/** A key that was refused for a while and then served again gets a new wait window this long after the last. */
const WINDOW_REOPEN_MS = 60_000;

/** Calls of one secret that may wait at the same time; further ones fail at once instead of filling the memory. */
const MAX_WAITING_CALLS = 100_000;

/** What the recovery works with. */
export interface ExpiredKeyContext extends SuccessorSearchContext {
  readonly emit: (event: ManagedCredentialsEvent) => void;
  readonly closed: AbortSignal;
}

/** The current key, once the cloud has refused it. */
interface RefusedKey {
  readonly key: ManagedCredentials;
  /** The search for its successor; absent once it was given up. */
  search: SuccessorSearch | undefined;
  /** What all its failed calls wait for: the successor, if there is one; settled once the search was given up. */
  outcome: Promise<ManagedCredentials | undefined>;
  givenUpAt: number;
  /** Set while the cloud takes the key again after the search was given up, and only until the next search. */
  servedAgain: boolean;
  /** Set when it has been told, after the search was given up, that the cloud takes the key again. */
  isAcceptanceTold: boolean;
  /** Fetches since the search was given up. */
  probes: number;
}

/**
 * What happens when the cloud refuses a key that KMS handed out: one search for its successor, shared by all calls that
 * failed on it. When it finds none it is given up: further calls fail without waiting, and the refresh schedule goes on
 * probing until the version moves.
 */
export class ExpiredKeyRecovery {
  #refused: RefusedKey | undefined;
  #waiting = 0;
  readonly #deadKeys: DeadKeys;

  constructor(
    private readonly secret: RecoverableSecret,
    private readonly context: ExpiredKeyContext,
    private readonly suspectedKeys: SuspectedKeyCheck,
  ) {
    this.#deadKeys = new DeadKeys(context.clock);
  }

  /** Whether the cloud refuses the current key and no successor is known. */
  get isUnresolved(): boolean {
    return this.#refused !== undefined && !this.#refused.servedAgain;
  }

  /** Whether it is unresolved, and calls no longer wait for a successor. */
  get isGivenUp(): boolean {
    return this.isUnresolved && this.#refused?.search === undefined;
  }

  /** Fetches since the search was given up; undefined while there is nothing to probe for. */
  get probes(): number | undefined {
    return this.#refused?.search === undefined ? this.#refused?.probes : undefined;
  }

  /** Whether the cloud has lately refused this version, which another one has replaced since. */
  isKnownDead(credentials: ManagedCredentials): boolean {
    return this.#deadKeys.has(credentials);
  }

  /**
   * The key to use in place of one that the cloud refused: at once when a newer version is known, else after the
   * search for it; undefined when there is none. Never rejects.
   *
   * @param sdk the SDK whose call was refused, for the event
   */
  async successorOf(failed: ManagedCredentials, sdk: string): Promise<ManagedCredentials | undefined> {
    const { current } = this.secret;
    if (current === undefined || this.context.closed.aborted) return undefined;
    if (!current.isSameVersionAs(failed)) {
      if (!this.isUnresolved) return current;
      this.#deadKeys.add(failed);
    }
    const refused = this.#refused ?? this.#refuse(current, sdk);
    if (refused.isAcceptanceTold) {
      const wasServedAgain = refused.servedAgain;
      refused.servedAgain = false;
      // A cloud that now takes the key and now refuses it must not make calls wait, and KMS be polled, all the time.
      if (this.#isLongAgo(refused)) this.#search(refused);
      else if (wasServedAgain) return this.suspectedKeys.successorOf(failed);
    }
    if (this.#waiting >= MAX_WAITING_CALLS) return undefined;
    this.#waiting += 1;
    const successor = await refused.outcome.finally(() => {
      this.#waiting -= 1;
    });
    return successor?.isSameVersionAs(failed) ? undefined : successor;
  }

  /** Tells that the cloud took a call which was signed with this key when its search had been given up already. */
  onServed(credentials: ManagedCredentials): void {
    const refused = this.#refused;
    const { closed, clock, emit } = this.context;
    if (refused === undefined || refused.search !== undefined || closed.aborted) return;
    if (!refused.key.isSameVersionAs(credentials)) return;
    refused.servedAgain = true;
    if (refused.isAcceptanceTold) return;
    refused.isAcceptanceTold = true;
    emit({
      type: 'keyAccepted',
      secretName: this.secret.secretName,
      at: clock.now(),
      key: labelOf(refused.key),
      failingMs: clock.monotonic() - refused.givenUpAt,
    });
  }

  /** Tells that KMS answered, and what serves from now on. */
  onFetched(current: ManagedCredentials): void {
    const refused = this.#refused;
    if (refused === undefined) return;
    if (refused.key.isSameVersionAs(current)) {
      this.#countProbe();
      // KMS stands by a key that the cloud takes: there is nothing left to probe for.
      if (refused.servedAgain && this.#isLongAgo(refused)) this.#refused = undefined;
      return;
    }
    this.#deadKeys.add(refused.key);
    this.#deadKeys.remove(current);
    this.#refused = undefined;
    refused.search?.end();
  }

  /** Tells that a fetch failed. */
  onFetchFailed(): void {
    this.#countProbe();
  }

  /** How many calls wait for the successor of a key. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Ends the wait of all calls, at shutdown. */
  close(): void {
    this.#refused?.search?.end();
  }

  #countProbe(): void {
    if (this.#refused !== undefined && this.#refused.search === undefined) this.#refused.probes += 1;
  }

  #refuse(key: ManagedCredentials, sdk: string): RefusedKey {
    const refused: RefusedKey = {
      key,
      search: undefined,
      outcome: Promise.resolve(undefined),
      givenUpAt: 0,
      servedAgain: false,
      isAcceptanceTold: false,
      probes: 0,
    };
    this.#refused = refused;
    const { emit, clock } = this.context;
    emit({
      type: 'keyExpired',
      secretName: this.secret.secretName,
      at: clock.now(),
      key: labelOf(key),
      sdk,
    });
    this.#search(refused);
    return refused;
  }

  #isLongAgo({ givenUpAt }: RefusedKey): boolean {
    return this.context.clock.monotonic() - givenUpAt >= WINDOW_REOPEN_MS;
  }

  #search(refused: RefusedKey): void {
    const search = new SuccessorSearch(this.secret, this.context);
    const startedAt = this.context.clock.monotonic();
    refused.search = search;
    refused.isAcceptanceTold = false;
    refused.outcome = search.run().then(() => {
      if (this.#refused !== refused) return this.secret.current;
      this.#giveUp(refused, startedAt);
      return undefined;
    });
  }

  #giveUp(refused: RefusedKey, startedAt: number): void {
    const { clock, closed, emit } = this.context;
    refused.search = undefined;
    refused.givenUpAt = clock.monotonic();
    if (closed.aborted) return;
    emit({
      type: 'keyNotReplaced',
      secretName: this.secret.secretName,
      at: clock.now(),
      key: labelOf(refused.key),
      waitedMs: refused.givenUpAt - startedAt,
    });
  }
}
