import type { AccessKey } from '../cloud/access-key.js';
import { toUtcSeconds } from '../cloud/identifiers.js';
import { describe, type RoleSessions } from '../sts/role-sessions.js';

const SESSION_MS = 6 * 3_600_000;
const SESSION_NAME = 'i-emulator0001';

/** The temporary key of an ECS instance's role: the same for every caller, and renewed well before it expires. */
export class InstanceCredentials {
  #key: AccessKey | undefined;
  #issuedAt = 0;

  constructor(
    private readonly sessions: RoleSessions,
    private readonly now: () => number,
  ) {}

  /** What the metadata server answers about the key. */
  read(): object {
    const key = this.#current();
    return { ...describe(key), LastUpdated: toUtcSeconds(this.#issuedAt), Code: 'Success' };
  }

  #current(): AccessKey {
    const now = this.now();
    const halfway = (this.#issuedAt + (this.#key?.session?.expiresAt ?? 0)) / 2;
    if (this.#key && now < halfway && this.#key.state === 'active') return this.#key;
    this.#key = this.sessions.create(SESSION_NAME, SESSION_MS);
    this.#issuedAt = now;
    return this.#key;
  }
}
