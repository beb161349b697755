import { fullJitterMs, type BackoffRange, type Random } from './backoff.js';
import type { Clock } from './clock.js';
import type { RecoverableSecret } from './recoverable-secret.js';
import { isTemporary } from './secret-value.js';

/** How often KMS is asked while calls wait for a successor that it does not offer yet. */
const LAG_POLL_BACKOFF: BackoffRange = { minMs: 100, maxMs: 1000 };

/** How long the last poll of a wait window may take beyond the window's end. */
const LAST_POLL_GRACE_MS = 1000;

/** What a search works with. */
export interface SuccessorSearchContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly expiredKeyWaitMs: number;
}

/** How a fetch of the search went. */
interface Poll {
  /** Whether KMS has given a version. */
  readonly isAnswered: boolean;
  /** Whether another fetch may be of use. */
  readonly isWorthwhile: boolean;
}

/**
 * One search for the successor of a refused key. It asks KMS at once, and while KMS still answers with the refused
 * version again, with jittered backoff, until `expiredKeyWaitMs` is over.
 */
export class SuccessorSearch {
  #isEnded = false;
  #wake: () => void = () => undefined;

  constructor(
    private readonly secret: RecoverableSecret,
    private readonly context: SuccessorSearchContext,
  ) {}

  /** Resolves when the search was ended or the window has closed. Never rejects. */
  async run(): Promise<void> {
    const { clock, random, expiredKeyWaitMs } = this.context;
    const startedAt = clock.monotonic();
    let endAt: number | undefined;
    if (this.secret.isFetching) {
      // An answer that was asked for before the key was refused may be older than the refusal.
      const { isAnswered } = await this.#poll(undefined);
      const now = clock.monotonic();
      // A KMS that hangs is not waited for twice to its last time-out.
      if (!isAnswered && now - startedAt > expiredKeyWaitMs) endAt = now + expiredKeyWaitMs;
    }
    for (let polls = 0; !this.#isEnded; polls++) {
      const { isWorthwhile } = await this.#poll(endAt);
      endAt ??= clock.monotonic() + expiredKeyWaitMs;
      const leftMs = endAt - clock.monotonic();
      if (this.#isEnded || !isWorthwhile || leftMs <= 0) return;
      await this.#sleep(Math.min(fullJitterMs(polls, LAG_POLL_BACKOFF, random), leftMs));
    }
  }

  /** Ends the search: a successor was found, or the module is shut down. */
  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** One fetch, which may go on when its time is over. */
  async #poll(endAt: number | undefined): Promise<Poll> {
    const fetched = this.secret.refresh('expired-key').then(
      () => ({ isAnswered: true, isWorthwhile: true }),
      (error: unknown) => ({ isAnswered: false, isWorthwhile: isTemporary(error) }),
    );
    if (endAt === undefined) return fetched;
    const leftMs = endAt - this.context.clock.monotonic() + LAST_POLL_GRACE_MS;
    const timeout = this.#sleep(Math.max(0, leftMs)).then(() => ({ isAnswered: false, isWorthwhile: true }));
    return Promise.race([fetched, timeout]).finally(() => this.#wake());
  }

  /** Ends early when there is nothing left to wait for. */
  #sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.context.clock.setTimer(delayMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
