import { errorCodeOf } from './core/errors.js';
import type { RecalledSecret, SecretFallback } from './core/secret-fallback.js';
import type { SecretValue } from './core/secret-value.js';
import type { EncryptedFileCache } from './file-cache/encrypted-file-cache.js';
import { noRecovery, type SecretRecovery } from './secret-recovery.js';

/** Where a secret may be had when no KMS endpoint answers: the file cache, if there is one, then the recovery hook. */
export class Fallbacks implements SecretFallback {
  readonly #warned = new Map<string, string>();

  /**
   * @param recovery asked at each use, as it may not be settled yet
   * @param warn told what went wrong, as a sentence
   */
  constructor(
    private readonly fileCache: EncryptedFileCache | undefined,
    private readonly recovery: () => SecretRecovery,
    private readonly warn: (warning: string) => void,
  ) {}

  get isAvailable(): boolean {
    return this.fileCache !== undefined || this.recovery() !== noRecovery;
  }

  remember(secretName: string, value: SecretValue, fetchedAt: number): void {
    this.#warned.delete(secretName);
    this.fileCache?.store({ secretName, value, fetchedAt });
  }

  async recall(
    secretName: string,
    isUsable: (recalled: RecalledSecret) => boolean,
  ): Promise<RecalledSecret | undefined> {
    for (const find of [() => this.#fromFile(secretName), () => this.#fromRecovery(secretName)]) {
      try {
        const found = await find();
        if (found !== undefined && isUsable(found)) return found;
      } catch (error) {
        this.#warnOnce(secretName, errorCodeOf(error));
      }
    }
    return undefined;
  }

  /** Once an outage and reason, however often a fallback is asked meanwhile. */
  #warnOnce(secretName: string, errorCode: string): void {
    if (this.#warned.get(secretName) === errorCode) return;
    this.#warned.set(secretName, errorCode);
    this.warn(`Secret "${secretName}" could not be taken from elsewhere (${errorCode})`);
  }

  async #fromFile(secretName: string): Promise<RecalledSecret | undefined> {
    const record = await this.fileCache?.load(secretName);
    return record && { value: record.value, fetchedAt: record.fetchedAt, origin: 'file cache' };
  }

  async #fromRecovery(secretName: string): Promise<RecalledSecret | undefined> {
    const recovered = await this.recovery().recoverSecret(secretName);
    if (recovered === undefined) return undefined;
    const { secretData, versionId = 'recovered' } = recovered;
    return { value: { secretName, versionId, secretData }, fetchedAt: Date.now(), origin: 'recovery' };
  }
}
