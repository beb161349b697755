import { Injectable } from '@nestjs/common';

/**
 * What the library's own factories bound to the tokens of the hooks. A test that overrides a provider replaces the
 * factory, so that nothing is noted here: that is how an override is told from the default.
 */
@Injectable()
export class OwnHooks {
  readonly #made = new Map<symbol, { readonly hook: object; readonly isFromOptions: boolean }>();

  /** Notes what a factory bound, and gives it back. */
  note<Hook extends object>(token: symbol, hook: Hook, isFromOptions = false): Hook {
    this.#made.set(token, { hook, isFromOptions });
    return hook;
  }

  /** Whether what is bound to the token was put there by a test. */
  isOverridden(token: symbol, bound: object): boolean {
    return this.#made.get(token)?.hook !== bound;
  }

  /** Whether the module's options brought the hook. */
  isFromOptions(token: symbol): boolean {
    return this.#made.get(token)?.isFromOptions ?? false;
  }
}
