import { errorCodeOf } from '../../lib/core/errors.js';
import type { ManagedCredentials } from '../../lib/core/managed-credentials.js';
import type { RecalledSecret, SecretFallback } from '../../lib/core/secret-fallback.js';
import type { SecretSource, SecretValue } from '../../lib/core/secret-value.js';
import { ScriptedKmsError, secretValue } from '../support/scripted-kms.js';

/** What KMS does with a request. */
export type KmsHealth = 'up' | 'down' | 'forbids';

/** What goes wrong with one sending of a call, apart from its key. */
export type CallFault = 'none' | 'forbidden' | 'lost';

/** What a cloud service answers to a call, as an SDK throws it. */
export class CloudError extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

/** One sending of a call. */
export interface Sending {
  readonly version: number;
  outcome: 'under way' | 'ok' | CloudError;
}

/** Lets something happen later, whenever the exploration chooses. */
export type Gate = (what: string) => Promise<void>;

/**
 * A KMS and a cloud that agree, or do not, on the versions of one key. Each request is judged at one moment and
 * answered at a later one, so that an answer may be outdated when it arrives.
 */
export class RaceWorld implements SecretSource, SecretFallback {
  /** The version that the secret has by now. */
  newest = 1;
  /** The version that KMS answers, which may lag behind. */
  offered = 1;
  /** The versions that the cloud takes. */
  accepted: readonly number[] = [1];
  kms: KmsHealth = 'up';
  /** The version that may be had elsewhere when KMS is down. */
  elsewhere: number | undefined;
  /** Fetches until now, and how many of them were under way at the same time. */
  fetches = 0;
  mostFetches = 0;
  /** Whether KMS has refused a fetch for good. */
  hasForbidden = false;
  #fetching = 0;

  constructor(
    private readonly gate: Gate,
    private readonly log: (line: string) => void,
  ) {}

  /** Whether KMS offers a key that the cloud takes. */
  get isSound(): boolean {
    return this.kms === 'up' && this.accepted.includes(this.offered);
  }

  rotate(isEmergency: boolean, lags: boolean): void {
    this.newest += 1;
    this.accepted = isEmergency ? [this.newest] : [...this.accepted.slice(-1), this.newest];
    if (!lags) this.offered = this.newest;
  }

  /** Puts everything right. */
  heal(): void {
    this.kms = 'up';
    this.offered = this.newest;
    this.accepted = [this.newest];
  }

  async getSecretValue(secretName: string): Promise<SecretValue> {
    this.fetches += 1;
    this.#fetching += 1;
    this.mostFetches = Math.max(this.mostFetches, this.#fetching);
    const fetch = `fetch ${this.fetches}`;
    try {
      await this.gate(`${fetch} reaches KMS`);
      const { kms, offered } = this;
      await this.gate(`${fetch} answered: ${kms === 'up' ? `v${offered}` : kms}`);
      if (kms === 'up') return secretValue(secretName, offered);
      if (kms === 'forbids') this.hasForbidden = true;
      throw kms === 'down'
        ? new ScriptedKmsError('ServiceUnavailableTemporary', true)
        : new ScriptedKmsError('Forbidden.NoPermission', false);
    } finally {
      this.#fetching -= 1;
    }
  }

  get isAvailable(): boolean {
    return this.elsewhere !== undefined;
  }

  remember(): void {
    // What is elsewhere is for the scenario to say.
  }

  async recall(
    secretName: string,
    isUsable: (recalled: RecalledSecret) => boolean,
  ): Promise<RecalledSecret | undefined> {
    await this.gate('looks elsewhere');
    if (this.elsewhere === undefined) return undefined;
    const recalled = { value: secretValue(secretName, this.elsewhere), fetchedAt: 0, origin: 'elsewhere' };
    return isUsable(recalled) ? recalled : undefined;
  }

  /** Sends a call once. */
  async send(call: string, key: ManagedCredentials, fault: CallFault, sendings: Sending[]): Promise<string> {
    const version = versionOf(key);
    const sending: Sending = { version, outcome: 'under way' };
    sendings.push(sending);
    await this.gate(`${call} reaches the cloud with v${version}`);
    const error = this.#judge(version, fault);
    await this.gate(`${call} answered: ${error?.code ?? 'ok'}`);
    sending.outcome = error ?? 'ok';
    this.log(`${call} got ${error?.code ?? 'ok'} for v${version}`);
    if (error !== undefined) throw error;
    return call;
  }

  #judge(version: number, fault: CallFault): CloudError | undefined {
    if (fault === 'lost') return new CloudError('ECONNRESET');
    if (fault === 'forbidden') return new CloudError('Forbidden.RAM');
    return this.accepted.includes(version) ? undefined : new CloudError(EXPIRED);
  }
}

/** The code that says that a key is not valid any more. */
export const EXPIRED = 'InvalidAccessKeyId.NotFound';

/** The version of a key, after a look at whether its id and secret belong together. */
export function versionOf({ accessKeyId, accessKeySecret, versionId }: ManagedCredentials): number {
  const version = Number(versionId.slice(1));
  if (!accessKeyId.endsWith(String(version).padStart(4, '0'))) throw new Error('torn pair: id and version');
  if (accessKeySecret !== `secret-of-version-${version}`) throw new Error('torn pair: id and secret');
  return version;
}

/** How a call ended, in a word. */
export function endOf(error: unknown): string {
  if (error === undefined) return 'ok';
  return errorCodeOf(error);
}
