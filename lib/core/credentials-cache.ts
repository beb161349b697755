import { setMaxListeners } from 'node:events';

import type { ManagedCredentialsEvent } from './events.js';
import { ManagedSecret, type ManagedSecretContext } from './managed-secret.js';

/** How many refused names that nobody has declared are remembered; the names may come from a caller's input. */
const MAX_REFUSED_NAMES = 1000;

/** What a cache is made of. */
export type CredentialsCacheOptions = Omit<ManagedSecretContext, 'closed'>;

/** All managed secrets of one application, each fetched and refreshed on its own. */
export class CredentialsCache {
  readonly #secrets = new Map<string, ManagedSecret>();
  /** Secrets that nobody has declared and that have no key, the one that failed last at the end. */
  readonly #refused = new Map<string, ManagedSecret>();
  readonly #closing = new AbortController();
  readonly #context: ManagedSecretContext;

  constructor(options: CredentialsCacheOptions) {
    // Each fetch under way listens, and there may be as many as there are secrets.
    setMaxListeners(0, this.#closing.signal);
    this.#context = {
      ...options,
      closed: this.#closing.signal,
      emit: (event) => {
        this.#sort(event);
        options.emit(event);
      },
    };
  }

  /** Aborted when the cache is closed. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** The secret of that name; made on first use, fetched when it is first needed. */
  secret(secretName: string): ManagedSecret {
    const known = this.#secrets.get(secretName) ?? this.#refused.get(secretName);
    if (known !== undefined) return known;
    const secret = new ManagedSecret(secretName, this.#context);
    this.#secrets.set(secretName, secret);
    return secret;
  }

  /** The secret of that name, which the application is known to need: it is kept and retried even while it fails. */
  declare(secretName: string): ManagedSecret {
    const secret = this.secret(secretName);
    secret.declare();
    this.#keep(secret);
    return secret;
  }

  /** All secrets that have a key or are needed. */
  secrets(): Iterable<ManagedSecret> {
    return this.#secrets.values();
  }

  /** Whether the secret has a key or is needed. */
  has(secretName: string): boolean {
    return this.#secrets.has(secretName);
  }

  /** Ends fetches and waits. Whoever asks for credentials afterwards gets a {@link ClosedError}. Idempotent. */
  close(): void {
    if (this.closed.aborted) return;
    this.#closing.abort();
    for (const secret of this.#secrets.values()) secret.expiredKeys.close();
    this.#context.emit({ type: 'closed', at: this.#context.clock.now() });
  }

  /**
   * Names that are no secrets must neither pile up nor be asked for at each call: they are set aside, and only the
   * latest are remembered.
   */
  #sort(event: ManagedCredentialsEvent): void {
    if (event.type !== 'refreshFailed' && event.type !== 'refreshed' && event.type !== 'recalled') return;
    const secret = this.#secrets.get(event.secretName) ?? this.#refused.get(event.secretName);
    if (secret === undefined) return;
    if (secret.isDeclared || secret.current !== undefined) this.#keep(secret);
    else this.#setAside(secret);
  }

  #keep(secret: ManagedSecret): void {
    this.#refused.delete(secret.secretName);
    this.#secrets.set(secret.secretName, secret);
  }

  #setAside(secret: ManagedSecret): void {
    this.#secrets.delete(secret.secretName);
    this.#refused.delete(secret.secretName);
    this.#refused.set(secret.secretName, secret);
    const [oldest] = this.#refused.keys();
    if (oldest !== undefined && this.#refused.size > MAX_REFUSED_NAMES) this.#refused.delete(oldest);
  }
}
