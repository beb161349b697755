import { fullJitterMs, type BackoffRange, type Random } from '../core/backoff.js';
import type { CancelTimer, Clock } from '../core/clock.js';
import { errorCodeOf } from '../core/errors.js';
import { isError } from '../core/is-error.js';
import { isTemporary, type FetchLimits, type SecretValue } from '../core/secret-value.js';
import { isThrottling } from './kms-code.js';
import type { KmsEndpoint } from './kms-endpoint.js';
import { KmsError } from './kms-error.js';

/** When one fetch gives up on an endpoint, and when on all of them, in milliseconds. */
export interface HedgeTimes {
  /** How long an endpoint may stay silent before the next one is asked as well. */
  readonly hedgeDelayMs: number;
  /** How long the whole fetch may take, retries included. */
  readonly fetchTimeoutMs: number;
}

/** What a fetch takes its waits from. */
export interface FetchRuntime {
  readonly clock: Clock;
  readonly random: Random;
}

/** Who is told how endpoints are doing. */
export interface EndpointObserver {
  /** An endpoint has answered, be it with a refusal. */
  onAnswer(endpoint: KmsEndpoint): void;
  /** An endpoint has failed, or stayed silent for the hedge delay. */
  onTrouble(endpoint: KmsEndpoint): void;
}

/** How soon an endpoint that failed is asked again within the same fetch. */
const RETRY_BACKOFF: BackoffRange = { minMs: 100, maxMs: 5000 };

/**
 * The same for one whose request limit is reached. Limits are counted by the second, so a request within that second
 * would be refused again. After it, the narrow range keeps the limit used up while many instances wait for it, and
 * the last of them from sleeping when it no longer is.
 */
const THROTTLED_BACKOFF: BackoffRange = { minMs: 1000, maxMs: 2000 };

/**
 * One fetch of one secret from several endpoints. They are asked in order; one that fails, or stays silent for
 * the hedge delay, no longer holds up the next. Temporary failures are tried again with full jitter until the
 * fetch's time is over, permanent ones are not; a probe only repeats what a request limit has refused. The first
 * success wins, and the rest is aborted.
 */
export class HedgedFetch {
  readonly #done = new AbortController();
  readonly #timers = new Set<CancelTimer>();
  readonly #errors = new Map<KmsEndpoint, unknown>();
  #next = 0;
  #running = 0;
  #isProbe: boolean | undefined;
  #eventName: string | undefined;
  #resolve: (value: SecretValue) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(
    private readonly secretName: string,
    private readonly endpoints: readonly KmsEndpoint[],
    private readonly times: HedgeTimes,
    private readonly observer: EndpointObserver,
    private readonly runtime: FetchRuntime,
  ) {}

  /** Runs the fetch, once. */
  async run({ signal, timeoutMs = Infinity, isProbe, eventName }: FetchLimits): Promise<SecretValue> {
    this.#isProbe = isProbe;
    this.#eventName = eventName;
    const limitMs = Math.max(0, Math.min(timeoutMs, this.times.fetchTimeoutMs));
    signal.throwIfAborted();
    const onAbort = () => this.#reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    try {
      return await new Promise<SecretValue>((resolve, reject) => {
        this.#resolve = resolve;
        this.#reject = reject;
        this.#after(limitMs, () => reject(this.#failure(limitMs)));
        this.#startNext();
      });
    } finally {
      signal.removeEventListener('abort', onAbort);
      for (const cancel of this.#timers) cancel();
      this.#done.abort();
    }
  }

  #startNext(): void {
    const endpoint = this.endpoints[this.#next];
    if (endpoint === undefined) return;
    this.#next += 1;
    this.#running += 1;
    void this.#ask(endpoint, 0);
    this.#after(this.times.hedgeDelayMs, () => {
      if (this.#errors.has(endpoint)) return;
      this.observer.onTrouble(endpoint);
      this.#startNext();
    });
  }

  async #ask(endpoint: KmsEndpoint, attempt: number): Promise<void> {
    try {
      const limits = { signal: this.#done.signal, eventName: this.#eventName };
      const value = await endpoint.getSecretValue(this.secretName, limits);
      this.observer.onAnswer(endpoint);
      this.#resolve(value);
    } catch (error) {
      if (this.#done.signal.aborted) return;
      this.#errors.set(endpoint, error);
      if (isTemporary(error)) this.observer.onTrouble(endpoint);
      else this.observer.onAnswer(endpoint);
      if (attempt === 0) this.#startNext();
      if (isTemporary(error) && (!this.#isProbe || isThrottled(error))) {
        const backoff = isThrottled(error) ? THROTTLED_BACKOFF : RETRY_BACKOFF;
        this.#after(fullJitterMs(attempt, backoff, this.runtime.random), () => {
          void this.#ask(endpoint, attempt + 1);
        });
        return;
      }
      this.#running -= 1;
      if (this.#running === 0) this.#reject(this.#failure());
    }
  }

  #after(delayMs: number, act: () => void): void {
    const cancel = this.runtime.clock.setTimer(delayMs, () => {
      this.#timers.delete(cancel);
      act();
    });
    this.#timers.add(cancel);
  }

  /** One error that says what each endpoint said. */
  #failure(timeoutMs?: number): KmsError {
    const { secretName } = this;
    const errors = [...this.#errors.values()];
    const temporary = timeoutMs !== undefined || errors.some(isTemporary);
    const code = errors
      .map(codeOf)
      .reduce((all, one) => (all === one ? one : 'AllKmsEndpointsFailed'), codeOf(errors[0]));
    const reasons = this.endpoints.map((endpoint) => {
      const error = this.#errors.get(endpoint);
      return isError(error) ? error.message : `${endpoint.label} has not answered yet.`;
    });
    const lead =
      timeoutMs === undefined
        ? `Secret "${secretName}" could not be fetched.`
        : `Secret "${secretName}" could not be fetched within ${Math.round(timeoutMs)} ms.`;
    return new KmsError([lead, ...reasons].join(' '), {
      code,
      secretName,
      temporary,
      requestId: errors.find((error) => error instanceof KmsError)?.requestId,
      cause: errors.length === 1 ? errors[0] : undefined,
    });
  }
}

function isThrottled(error: unknown): boolean {
  return error instanceof KmsError && isThrottling(error.code, error.status);
}

function codeOf(error: unknown): string {
  return error === undefined ? 'KmsTimeout' : errorCodeOf(error);
}
