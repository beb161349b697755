import { Inject, Injectable, Optional, type OnApplicationBootstrap } from '@nestjs/common';
import type { Attributes, BatchObservableResult } from '@opentelemetry/api';

import type { ManagedCredentialsEvent } from '../core/events.js';
import type { SecretState } from '../core/managed-secret.js';
import { ManagedCredentialsRuntime } from '../managed-credentials.runtime.js';
import { ManagedCredentialsService, type SecretStatus } from '../managed-credentials.service.js';
import { CurrentInstruments } from './current-instruments.js';
import { kmsEndpointAttributes, outcomeAttributes } from './event-attributes.js';
import type { ObservedInstruments } from './instruments.js';
import { ATTRIBUTES } from './metric-names.js';
import { RefreshSpans } from './refresh-spans.js';

/**
 * The token of attributes that all metrics and spans of one `forRoot()` get, in the form of OpenTelemetry's
 * `Attributes`. Several roots in one process need them when names of their secrets are the same.
 */
export const TELEMETRY_ATTRIBUTES = 'ManagedCredentialsTelemetryAttributes';

const STATES: readonly SecretState[] = ['fresh', 'stale', 'failing'];

/**
 * Metrics and spans of the managed credentials, through the globally registered OpenTelemetry SDK, which may be
 * registered later. List it once among the providers of a module of the application; without an SDK it does nothing.
 *
 * @hideconstructor
 */
@Injectable()
export class ManagedCredentialsTelemetry implements OnApplicationBootstrap {
  readonly #instruments: CurrentInstruments;
  readonly #spans: RefreshSpans;

  constructor(
    private readonly credentials: ManagedCredentialsService,
    private readonly runtime: ManagedCredentialsRuntime,
    @Optional() @Inject(TELEMETRY_ATTRIBUTES) private readonly attributes: Attributes = {},
  ) {
    this.#instruments = new CurrentInstruments((result, instruments) => this.#observe(result, instruments));
    this.#spans = new RefreshSpans(attributes, (secretName) => runtime.cache.has(secretName));
    // From the constructor on, so that the fetches of the start-up are counted too.
    credentials.events.subscribe({
      next: (event) => this.#onEvent(event),
      // Also when the application could not start, in which case Nest calls no shutdown hook.
      complete: () => this.#close(),
    });
  }

  /** Finds an SDK that was registered while the application was built; called by Nest. */
  onApplicationBootstrap(): void {
    this.#instruments.get();
  }

  #close(): void {
    this.#instruments.close();
    this.#spans.close();
  }

  #observe(
    result: BatchObservableResult,
    { rare, waiters, status, staleTime, timeLeft }: ObservedInstruments,
  ): void {
    const now = Date.now();
    for (const row of this.credentials.status()) {
      const { secretName, state, fetchedAt, nextRefreshAt } = row;
      if (!isKnown(row)) continue;
      const secret = this.#ofSecret(secretName);
      for (const counter of rare) counter.add(0, secret);
      result.observe(waiters, this.runtime.cache.secret(secretName).expiredKeys.waiting, secret);
      // All of them, because exporters go on telling the last value of what is not told any more.
      for (const each of STATES) {
        result.observe(status, each === state ? 1 : 0, { ...secret, [ATTRIBUTES.state]: each });
      }
      if (fetchedAt !== undefined) {
        result.observe(staleTime, state === 'fresh' ? 0 : (now - fetchedAt) / 1000, secret);
      }
      if (nextRefreshAt !== undefined) result.observe(timeLeft, (nextRefreshAt - now) / 1000, secret);
    }
  }

  #onEvent(event: ManagedCredentialsEvent): void {
    const instruments = this.#instruments.get();
    switch (event.type) {
      case 'refreshed':
      case 'refreshFailed':
        instruments.refreshes.add(1, {
          ...this.#ofSecret(event.secretName),
          [ATTRIBUTES.reason]: event.reason,
          ...outcomeAttributes(event.type === 'refreshed' ? 'ok' : event.errorCode),
        });
        this.#spans.onRefresh(event);
        break;
      case 'rotated':
        instruments.versionChanges.add(1, this.#ofSecret(event.secretName));
        break;
      case 'keyNotReplaced':
        instruments.keysNotReplaced.add(1, this.#ofSecret(event.secretName));
        break;
      case 'callRetried':
        instruments.expiredKeyRetries.add(1, {
          ...this.#ofSecret(event.secretName),
          [ATTRIBUTES.sdk]: event.sdk,
        });
        break;
      case 'kmsRequest':
        instruments.kmsRequestDuration.record(event.durationMs / 1000, {
          ...this.attributes,
          ...kmsEndpointAttributes(event),
          ...outcomeAttributes(event.outcome),
        });
        this.#spans.onRequest(event);
        break;
      default:
        break;
    }
  }

  /** Names that came from a caller's input and are no secrets must not make series without end. */
  #ofSecret(secretName: string): Attributes {
    const isKept = this.runtime.cache.has(secretName);
    return { ...this.attributes, [ATTRIBUTES.secret]: isKept ? secretName : '_OTHER' };
  }
}

/** Whether there is something to tell: a first fetch under way may turn out to be of a name that is no secret. */
function isKnown({ fetchedAt, lastErrorCode }: SecretStatus): boolean {
  return fetchedAt !== undefined || lastErrorCode !== undefined;
}
