import { systemClock } from '../core/clock.js';
import type { FetchLimits, SecretSource, SecretValue } from '../core/secret-value.js';
import { EndpointRanking } from './endpoint-ranking.js';
import { HedgedFetch, type FetchRuntime, type HedgeTimes } from './hedged-fetch.js';
import type { KmsEndpoint } from './kms-endpoint.js';

/** All KMS endpoints of one application as one source of secrets. */
export class KmsSource implements SecretSource {
  readonly #ranking: EndpointRanking;

  constructor(
    private readonly endpoints: readonly KmsEndpoint[],
    private readonly times: HedgeTimes,
    private readonly runtime: FetchRuntime = { clock: systemClock, random: Math.random },
  ) {
    this.#ranking = new EndpointRanking(endpoints, times.hedgeDelayMs, runtime.clock);
  }

  /**
   * Fetches a secret from whichever endpoint has it first.
   *
   * @throws KmsError that lists what each endpoint said
   */
  async getSecretValue(secretName: string, limits: FetchLimits): Promise<SecretValue> {
    const endpoints = await this.#ranking.order();
    return new HedgedFetch(secretName, endpoints, this.times, this.#ranking, this.runtime).run(limits);
  }

  /** Closes all connections. */
  close(): void {
    this.#ranking.close();
    for (const endpoint of this.endpoints) endpoint.close();
  }
}
