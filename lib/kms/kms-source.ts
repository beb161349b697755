import type { FetchLimits, SecretSource, SecretValue } from '../core/secret-value.js';
import { HedgedFetch, type HedgeTimes } from './hedged-fetch.js';
import type { KmsEndpoint } from './kms-endpoint.js';

/** All KMS endpoints of one application as one source of secrets. */
export class KmsSource implements SecretSource {
  constructor(
    private readonly endpoints: readonly KmsEndpoint[],
    private readonly times: HedgeTimes,
  ) {}

  /**
   * Fetches a secret from whichever endpoint has it first.
   *
   * @throws KmsError that lists what each endpoint said
   */
  async getSecretValue(secretName: string, limits: FetchLimits): Promise<SecretValue> {
    return new HedgedFetch(secretName, this.endpoints, this.times).run(limits);
  }

  /** Closes all connections. */
  close(): void {
    for (const endpoint of this.endpoints) endpoint.close();
  }
}
