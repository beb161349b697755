import { createTemporaryKey, type AccessKey } from './access-key.js';

/** What is wrong with the SecurityToken of a call. */
export type TokenProblem = 'tokenMissing' | 'tokenMalformed' | 'tokenMismatched' | 'tokenExpired';

/** The SecurityTokens that were handed out, and whether one fits a key. */
export class TemporaryKeys {
  readonly #tokens = new Set<string>();

  constructor(private readonly now: () => number) {}

  /** A new key of a role, good for `sessionMs`. */
  create(roleName: string, sessionName: string, sessionMs: number): AccessKey {
    const key = createTemporaryKey(roleName, sessionName, this.now() + sessionMs);
    if (key.session) this.#tokens.add(key.session.securityToken);
    return key;
  }

  /** @param token what the call carries, '' for none */
  problemOf({ session }: AccessKey, token: string): TokenProblem | undefined {
    if (token === '') return session ? 'tokenMissing' : undefined;
    if (!this.#tokens.has(token)) return 'tokenMalformed';
    if (session?.securityToken !== token) return 'tokenMismatched';
    return session.expiresAt <= this.now() ? 'tokenExpired' : undefined;
  }
}
