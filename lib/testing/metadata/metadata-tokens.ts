import { randomBytes } from 'node:crypto';

const MAX_TTL_SECONDS = 21_600;

/** The tokens that the metadata server has handed out. */
export class MetadataTokens {
  readonly #expiresAt = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  /**
   * A new token.
   * @param ttl how long it is to last, in seconds, as text
   * @returns undefined when that is no time between a second and six hours
   */
  issue(ttl: string): string | undefined {
    const seconds = /^\d+$/.test(ttl) ? Number(ttl) : 0;
    if (seconds < 1 || seconds > MAX_TTL_SECONDS) return undefined;
    const token = randomBytes(40).toString('base64');
    this.#expiresAt.set(token, this.now() + seconds * 1000);
    return token;
  }

  /** Whether a token was handed out, and has not expired. */
  isGood(token: string): boolean {
    return (this.#expiresAt.get(token) ?? 0) > this.now();
  }
}
