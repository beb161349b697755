import type { Clock } from './clock.js';
import type { ManagedCredentials } from './managed-credentials.js';
import type { RecoverableSecret } from './recoverable-secret.js';

/** Checks in a row that may find nothing before they are spaced out. */
const FREE_CHECKS = 5;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * What happens when the cloud refuses a call without saying why, as OSS does to a HEAD or a streamed GET: the
 * reason may be a dead key, or a permission that is simply missing.
 *
 * KMS is asked once, without waiting for it to catch up, and the key is not held to be dead. Refusals that turn
 * out to have another reason must not become a KMS request each, so checks that found nothing are spaced out;
 * one that finds a new version ends that at once.
 */
export class SuspectedKeyCheck {
  #checking: Promise<void> | undefined;
  #fruitless = 0;
  #lastCheckAt = 0;

  constructor(
    private readonly secret: RecoverableSecret,
    private readonly context: { readonly clock: Clock },
  ) {}

  /** A newer key than the one the refused call was signed with, if there is one. Never rejects. */
  async successorOf(failed: ManagedCredentials): Promise<ManagedCredentials | undefined> {
    if (!this.#isReplaced(failed) && this.#mayCheck()) {
      this.#checking ??= this.#check(failed).finally(() => {
        this.#checking = undefined;
      });
      await this.#checking;
    }
    return this.#isReplaced(failed) ? this.secret.current : undefined;
  }

  #isReplaced(failed: ManagedCredentials): boolean {
    return this.secret.current !== undefined && !this.secret.current.isSameVersionAs(failed);
  }

  #mayCheck(): boolean {
    if (this.#fruitless < FREE_CHECKS) return true;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (this.#fruitless - FREE_CHECKS), LONGEST_PAUSE_MS);
    return this.context.clock.monotonic() - this.#lastCheckAt >= pauseMs;
  }

  async #check(failed: ManagedCredentials): Promise<void> {
    // An answer that was asked for before the refusal may be older than it.
    const attempts = this.secret.isFetching ? 2 : 1;
    for (let attempt = 0; attempt < attempts && !this.#isReplaced(failed); attempt++) {
      await this.secret.refresh('suspected-key').catch(() => undefined);
    }
    this.#lastCheckAt = this.context.clock.monotonic();
    this.#fruitless = this.#isReplaced(failed) ? 0 : this.#fruitless + 1;
  }
}
