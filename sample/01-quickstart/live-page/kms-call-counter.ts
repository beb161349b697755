import type { ManagedCredentialsEvent } from 'nestjs-aliyun-managed-credentials';

/** Requests to KMS, as the library reports them. */
export class KmsCallCounter {
  calls = 0;
  failures = 0;
  #seen = { calls: 0, failures: 0 };

  /** Takes note of an event that is a request to KMS. */
  count(event: ManagedCredentialsEvent): void {
    if (event.type !== 'kmsRequest') return;
    this.calls += 1;
    if (event.outcome !== 'ok') this.failures += 1;
  }

  /** Those since the last time that this was asked. */
  takeInterval(): { kmsCalls: number; kmsFailures: number } {
    const { calls, failures } = this.#seen;
    this.#seen = { calls: this.calls, failures: this.failures };
    return { kmsCalls: this.calls - calls, kmsFailures: this.failures - failures };
  }
}
