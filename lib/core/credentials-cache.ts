import { setMaxListeners } from 'node:events';

import type { ManagedCredentialsEvent } from './events.js';
import { ManagedSecret, type ManagedSecretContext } from './managed-secret.js';

/** What a cache is made of. */
export type CredentialsCacheOptions = Omit<ManagedSecretContext, 'closed'>;

/** All managed secrets of one application, each fetched and refreshed on its own. */
export class CredentialsCache {
  readonly #secrets = new Map<string, ManagedSecret>();
  readonly #declared = new Set<string>();
  readonly #closing = new AbortController();
  readonly #context: ManagedSecretContext;

  constructor(options: CredentialsCacheOptions) {
    // Each fetch under way listens, and there may be as many as there are secrets.
    setMaxListeners(0, this.#closing.signal);
    this.#context = {
      ...options,
      closed: this.#closing.signal,
      emit: (event) => {
        this.#forgetUnknownSecret(event);
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
    const known = this.#secrets.get(secretName);
    if (known !== undefined) return known;
    const secret = new ManagedSecret(secretName, this.#context);
    this.#secrets.set(secretName, secret);
    return secret;
  }

  /** The secret of that name, which the application is known to need: it is kept and retried even while it fails. */
  declare(secretName: string): ManagedSecret {
    this.#declared.add(secretName);
    return this.secret(secretName);
  }

  /** All secrets that are kept. */
  secrets(): Iterable<ManagedSecret> {
    return this.#secrets.values();
  }

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

  /** Names that came from a caller's input and are no secrets must not pile up. */
  #forgetUnknownSecret(event: ManagedCredentialsEvent): void {
    if (event.type !== 'refreshFailed' || this.#declared.has(event.secretName)) return;
    if (this.#secrets.get(event.secretName)?.current === undefined) this.#secrets.delete(event.secretName);
  }
}
