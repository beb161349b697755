import type { RecalledSecret, SecretFallback } from '../../lib/core/secret-fallback.js';
import type { SecretValue } from '../../lib/core/secret-value.js';
import { secretValue } from './scripted-kms.js';
import { START_AT } from './virtual-clock.js';

/** Remembers like a file cache, and offers what it was given. */
export class ScriptedFallback implements SecretFallback {
  readonly isAvailable = true;
  readonly remembered: SecretValue[] = [];
  offers: RecalledSecret[] = [];
  asked = 0;

  remember(_secretName: string, value: SecretValue): void {
    this.remembered.push(value);
  }

  /** Answers after that. */
  wait: () => Promise<void> = () => Promise.resolve();

  async recall(_secretName: string, isUsable: (recalled: RecalledSecret) => boolean) {
    this.asked += 1;
    await this.wait();
    return this.offers.find(isUsable);
  }

  offer(version: number) {
    this.offers.push({
      value: secretValue('app', version),
      fetchedAt: START_AT - 1000,
      origin: 'file cache',
    });
  }
}
