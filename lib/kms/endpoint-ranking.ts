import { setTimeout as sleep } from 'node:timers/promises';

import type { Clock } from '../core/clock.js';
import { measureConnectTime } from './connect-time.js';
import type { KmsEndpoint } from './kms-endpoint.js';

/** An endpoint that has failed goes behind the others for this long, doubling with each further failure. */
const FIRST_SETBACK_MS = 30_000;
const LONGEST_SETBACK_MS = 10 * 60_000;

/** How often an endpoint that cannot be reached is measured again, at most. */
const REMEASURE_MS = 60_000;

/** How long the first order waits for others once one endpoint has been reached: they are further away anyway. */
const LAGGARDS_MS = 20;

interface Standing {
  readonly endpoint: KmsEndpoint;
  /** Infinity while it is not known to be reachable. */
  connectMs: number;
  measuredAt: number;
  setbacks: number;
  setBackUntil: number;
}

/**
 * In which order endpoints are asked: by the time it takes to connect to them, those that have lately failed or stayed
 * silent behind the others, those out of reach last. Measured at first use, and again after failures.
 */
export class EndpointRanking {
  readonly #standings: readonly Standing[];
  readonly #closing = new AbortController();
  #measured: Promise<void> | undefined;

  /** @param firstOrderMs how long the first order may wait for measurements */
  constructor(
    endpoints: readonly KmsEndpoint[],
    private readonly firstOrderMs: number,
    private readonly clock: Clock,
  ) {
    this.#standings = endpoints.map((endpoint) => ({
      endpoint,
      connectMs: Infinity,
      measuredAt: 0,
      setbacks: 0,
      setBackUntil: -Infinity,
    }));
  }

  /** The endpoints, best first. */
  async order(): Promise<readonly KmsEndpoint[]> {
    if (this.#standings.length > 1) {
      this.#measured ??= this.#measureFirst();
      await this.#measured;
      for (const standing of this.#standings) this.#remeasureUnreachable(standing);
    }
    const now = this.clock.monotonic();
    const isSetBack = ({ setBackUntil }: Standing) => (setBackUntil > now ? 1 : 0);
    return (
      this.#standings
        // Two that are out of reach differ by NaN, which counts as equal.
        .toSorted((a, b) => isSetBack(a) - isSetBack(b) || a.connectMs - b.connectMs)
        .map(({ endpoint }) => endpoint)
    );
  }

  /** Tells that an endpoint has answered, be it with a refusal. */
  onAnswer(endpoint: KmsEndpoint): void {
    const standing = this.#standingOf(endpoint);
    if (standing === undefined) return;
    standing.setbacks = 0;
    standing.setBackUntil = -Infinity;
  }

  /** Tells that an endpoint has failed, or stayed silent for the hedge delay. */
  onTrouble(endpoint: KmsEndpoint): void {
    const standing = this.#standingOf(endpoint);
    if (standing === undefined || this.#standings.length === 1) return;
    const now = this.clock.monotonic();
    // Many fetches may meet the same trouble at once; it counts once, from the last of them.
    if (standing.setBackUntil <= now) standing.setbacks += 1;
    standing.setBackUntil =
      now + Math.min(FIRST_SETBACK_MS * 2 ** (standing.setbacks - 1), LONGEST_SETBACK_MS);
    void this.#measure(standing);
  }

  /** Ends measurements. */
  close(): void {
    this.#closing.abort();
  }

  #standingOf(endpoint: KmsEndpoint): Standing | undefined {
    return this.#standings.find((standing) => standing.endpoint === endpoint);
  }

  /** Resolves when the first endpoint has been reached and the others have had a moment more. */
  async #measureFirst(): Promise<void> {
    const measurements = this.#standings.map((standing) => this.#measure(standing));
    const all = Promise.all(measurements);
    const firstReached = Promise.any(
      measurements.map(async (measurement) => {
        if ((await measurement) === Infinity) throw new Error('out of reach');
        await sleep(LAGGARDS_MS);
      }),
    );
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.firstOrderMs);
    });
    await Promise.race([all, firstReached.catch(() => undefined), timeout]);
    clearTimeout(timer);
  }

  #remeasureUnreachable(standing: Standing): void {
    if (standing.connectMs === Infinity && this.clock.monotonic() - standing.measuredAt > REMEASURE_MS) {
      void this.#measure(standing);
    }
  }

  async #measure(standing: Standing): Promise<number> {
    standing.measuredAt = this.clock.monotonic();
    standing.connectMs = await measureConnectTime(standing.endpoint.address, this.#closing.signal);
    return standing.connectMs;
  }
}
