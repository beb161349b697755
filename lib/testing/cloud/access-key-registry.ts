import { EmulatorError } from '../emulator-error.js';
import { createAccessKey, type AccessKey, type RevocationReason } from './access-key.js';
import { ManagedSecret, type NewVersion, type SecretOptions } from './managed-secret.js';
import { TemporaryKeys, type TokenProblem } from './temporary-keys.js';

/** What a service finds out about a signed call. */
export type Verdict =
  | { readonly outcome: 'accepted'; readonly key: AccessKey }
  | { readonly outcome: Refusal; readonly key?: AccessKey };

/** Why a service refuses a signed call. */
export type Refusal = 'unknown' | 'inactive' | 'signatureMismatch' | TokenProblem;

/** What a signed call says about who signed it. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  /** '' for none. */
  readonly securityToken: string;
  /** Whether the call's signature fits an AccessKey secret. */
  isSignedWith(accessKeySecret: string): boolean;
}

/** RAM and KMS behind all gateways: which secrets exist, which keys they hold, and which keys are good. */
export class AccessKeyRegistry {
  readonly #secrets = new Map<string, ManagedSecret>();
  readonly #keys = new Map<string, AccessKey>();
  readonly #temporaryKeys: TemporaryKeys;
  #tornPairs = 0;

  constructor(private readonly now: () => number) {
    this.#temporaryKeys = new TemporaryKeys(now);
  }

  /** How many calls were signed with the id of one version and the secret of another version of one secret. */
  get tornPairs(): number {
    return this.#tornPairs;
  }

  /** @throws EmulatorError when the name is taken */
  createSecret(name: string, options: SecretOptions): ManagedSecret {
    if (this.#secrets.has(name)) throw new EmulatorError(`The secret '${name}' exists already.`);
    if (name === '') throw new EmulatorError('A secret needs a name.');
    const secret = new ManagedSecret(name, options, this.now());
    this.#secrets.set(name, secret);
    this.#admit(secret.newest.key);
    return secret;
  }

  /** Makes a new version of a secret current. */
  addVersion(secret: ManagedSecret, details: NewVersion): void {
    this.#admit(secret.add(details, this.now()).key);
  }

  /** @throws EmulatorError when there is no such secret */
  secret(name: string): ManagedSecret {
    const secret = this.#secrets.get(name);
    if (secret) return secret;
    const names = [...this.#secrets.keys()].map((known) => `'${known}'`).join(', ') || 'none';
    throw new EmulatorError(`There is no secret '${name}'. Secrets: ${names}. Make one with createSecret().`);
  }

  /** The secret of that name, for a service that answers 404 by itself. */
  findSecret(name: string): ManagedSecret | undefined {
    return this.#secrets.get(name);
  }

  /** A key that no secret manages. */
  addIdentity(userName: string): AccessKey {
    const key = createAccessKey(userName);
    this.#admit(key);
    return key;
  }

  /** A temporary key of a RAM role. */
  addTemporaryKey(roleName: string, sessionName: string, sessionMs: number): AccessKey {
    const key = this.#temporaryKeys.create(roleName, sessionName, sessionMs);
    this.#admit(key);
    return key;
  }

  /** Refuses the keys of all versions but the newest `keep`. */
  revokeAllBut(secret: ManagedSecret, keep: number): void {
    for (const { key } of secret.versions.slice(0, -keep)) if (key) key.state = 'notFound';
  }

  /** @throws EmulatorError when there is no such key */
  setState(accessKeyId: string, state: 'active' | RevocationReason): void {
    const key = this.#keys.get(accessKeyId);
    if (!key) throw new EmulatorError(`There is no AccessKey '${accessKeyId}' in this emulator.`);
    key.state = state;
  }

  /** The key with that id, whatever its state. */
  findKey(accessKeyId: string): AccessKey | undefined {
    return this.#keys.get(accessKeyId);
  }

  /** Judges a signed call. */
  authenticate(claim: SignatureClaim): Verdict & { torn: boolean } {
    const key = this.#keys.get(claim.accessKeyId);
    if (!key) return { outcome: 'unknown', torn: false };
    const matches = claim.isSignedWith(key.accessKeySecret);
    // Also for a dead key: a torn pair is the client's bug, whatever the service thinks of the id.
    const torn = !matches && this.#fitsSibling(key, claim);
    if (torn) this.#tornPairs += 1;
    if (key.state === 'notFound') return { outcome: 'unknown', key, torn };
    if (key.state === 'inactive') return { outcome: 'inactive', key, torn };
    const tokenProblem = this.#temporaryKeys.problemOf(key, claim.securityToken);
    if (tokenProblem) return { outcome: tokenProblem, key, torn };
    return { outcome: matches ? 'accepted' : 'signatureMismatch', key, torn };
  }

  #admit(key: AccessKey | undefined): void {
    if (key) this.#keys.set(key.accessKeyId, key);
  }

  #fitsSibling(key: AccessKey, claim: SignatureClaim): boolean {
    const siblings = key.owner && this.#secrets.get(key.owner.secretName)?.versions;
    return (
      siblings?.some(
        (version) => version.key && version.key !== key && claim.isSignedWith(version.key.accessKeySecret),
      ) ?? false
    );
  }
}
