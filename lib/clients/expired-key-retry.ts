import type { Clock } from '../core/clock.js';
import { ClosedError, NotReadyError } from '../core/errors.js';
import { isRecord } from '../core/is-record.js';
import type { ManagedCredentials } from '../core/managed-credentials.js';
import type { ManagedSecret } from '../core/managed-secret.js';
import { withinLimit } from '../core/within-limit.js';
import type { InFlightCalls } from './in-flight-calls.js';
import { isServerAnswer } from './is-server-answer.js';

/** How often one call is sent at most: with its own key, and with two newer ones that died in the meantime. */
const MAX_SENDINGS = 3;

/** Whose keys calls are signed with, and how their errors are judged. */
export interface ExpiredKeyRetryContext {
  readonly secret: ManagedSecret;
  readonly sdk: string;
  readonly calls: InFlightCalls;
  readonly clock: Clock;
  /** Aborted when the module is shut down. */
  readonly closed: AbortSignal;
  /** Whether a server's answer says that the key has expired. Must not throw. */
  readonly judge: (error: unknown) => boolean;
  /** Told of each call that is sent again. */
  readonly onRetry: () => void;
}

/** What a hand-made client may say of one call. */
export interface ManagedCallOptions {
  /**
   * False for a call whose body is consumed by sending it: the key is refreshed for the calls to come, and this
   * one fails with the SDK's error.
   * @default true
   */
  readonly replayable?: boolean | undefined;
}

/** What is special about one call. */
export interface RetryOptions<Result = unknown> extends ManagedCallOptions {
  /** Whether an error that the handler did not judge as expiry may hide one. */
  readonly isSuspicious?: ((error: unknown) => boolean) | undefined;
  /**
   * How long the call may wait for its first key, or a newer one: the time-out that the caller gave it, in
   * milliseconds.
   * @default as long as the module waits
   */
  readonly waitLimitMs?: number | undefined;
  /** The error that the SDK has taken for a result, if it is one: it is judged and thrown like any other. */
  readonly errorIn?: ((result: Result) => Error | Promise<Error> | undefined) | undefined;
}

/**
 * Sends calls, and sends a call again when the cloud refused it because its key has expired and a newer version
 * of the key is there or comes in time. Whatever else goes wrong reaches the caller as the SDK made it.
 */
export class ExpiredKeyRetry {
  /** Errors of calls that could not be replayed although a newer key was found, for {@link rerun}. */
  readonly #fixable = new WeakSet<object>();

  constructor(private readonly context: ExpiredKeyRetryContext) {}

  /**
   * Sends one call, at most three times.
   *
   * @param call sends it once, signed with the given key
   * @throws what the call threw last; ClosedError after shutdown; when there is no key yet, the fetch's error, or
   * NotReadyError when the fetch takes longer than the call may
   */
  async run<Result>(
    call: (credentials: ManagedCredentials) => Promise<Result>,
    { replayable = true, isSuspicious, waitLimitMs, errorIn }: RetryOptions<Result> = {},
  ): Promise<Result> {
    const { secret, closed, calls, clock } = this.context;
    calls.begin();
    try {
      for (let sending = 1; ; sending++) {
        const credentials = secret.current ?? (await this.#firstKey(waitLimitMs));
        if (closed.aborted) throw new ClosedError(secret.secretName);
        const isDoubted = secret.expiredKeys.isGivenUp;
        try {
          const result = await call(credentials);
          const hidden = errorIn?.(result);
          if (hidden !== undefined) throw await hidden;
          if (isDoubted) secret.expiredKeys.onServed(credentials);
          return result;
        } catch (error) {
          // Whatever may go wrong with the search, it must not hide the SDK's error.
          const search = this.#successorAfter(error, credentials, isSuspicious).catch(() => undefined);
          // After the last sending the search is for the calls to come.
          if (sending === MAX_SENDINGS) throw error;
          const successor = await withinLimit(search, waitLimitMs, clock);
          if (successor === undefined) throw error;
          if (!replayable) {
            if (isRecord(error)) this.#fixable.add(error);
            throw error;
          }
          this.context.onRetry();
        }
      }
    } finally {
      calls.end();
    }
  }

  /**
   * Runs an operation whose single calls cannot be replayed, but which can be done anew from its start, such as the
   * upload of a file by path: each run opens the file again.
   *
   * @param canRerun whether that is still possible
   */
  async rerun<Result>(
    operation: () => Promise<Result>,
    canRerun: () => boolean = () => true,
  ): Promise<Result> {
    for (let sending = 1; ; sending++) {
      try {
        return await operation();
      } catch (error) {
        const isFixable = isRecord(error) && this.#fixable.has(error);
        if (!isFixable || sending === MAX_SENDINGS || !canRerun()) throw error;
        this.context.onRetry();
      }
    }
  }

  async #firstKey(waitLimitMs: number | undefined): Promise<ManagedCredentials> {
    const { secret, clock } = this.context;
    const credentials = await withinLimit(secret.get(), waitLimitMs, clock);
    if (credentials === undefined) throw new NotReadyError(secret.secretName);
    return credentials;
  }

  async #successorAfter(
    error: unknown,
    failed: ManagedCredentials,
    isSuspicious: RetryOptions['isSuspicious'],
  ): Promise<ManagedCredentials | undefined> {
    const { secret, sdk, judge } = this.context;
    if (!isServerAnswer(error)) return undefined;
    if (judge(error)) return secret.expiredKeys.successorOf(failed, sdk);
    return isSuspicious?.(error) ? secret.suspectedKeys.successorOf(failed) : undefined;
  }
}
