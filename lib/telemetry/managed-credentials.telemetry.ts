import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import {
  metrics,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Counter,
  type Histogram,
  type Meter,
  type ObservableResult,
  type Tracer,
} from '@opentelemetry/api';

import type { ManagedCredentialsEvent } from '../core/events.js';
import { ManagedCredentialsRuntime } from '../managed-credentials.runtime.js';
import { ManagedCredentialsService } from '../managed-credentials.service.js';
import { VERSION } from '../version.js';
import { ATTRIBUTES, METRICS, SCOPE_NAME } from './metric-names.js';

/**
 * Metrics and spans of the managed credentials, through the globally registered OpenTelemetry SDK. List it among the
 * providers of a module of the application; without an SDK it does nothing.
 *
 * @hideconstructor
 */
@Injectable()
export class ManagedCredentialsTelemetry implements OnModuleInit, OnApplicationShutdown {
  readonly #meter: Meter = metrics.getMeter(SCOPE_NAME, VERSION);
  readonly #tracer: Tracer = trace.getTracer(SCOPE_NAME, VERSION);
  readonly #refreshes: Counter = this.#counter('refreshes');
  readonly #retries: Counter = this.#counter('expiredKeyRetries');
  readonly #versionChanges: Counter = this.#counter('versionChanges');
  readonly #notReplaced: Counter = this.#counter('keysNotReplaced');
  readonly #kmsDuration: Histogram;
  #stopObserving: () => void = () => undefined;

  constructor(
    private readonly credentials: ManagedCredentialsService,
    private readonly runtime: ManagedCredentialsRuntime,
  ) {
    const { name, ...options } = METRICS.kmsRequestDuration;
    this.#kmsDuration = this.#meter.createHistogram(name, options);
    // From the constructor on, so that the fetches of the start-up are counted too.
    credentials.events.subscribe((event) => this.#onEvent(event));
  }

  /** Registers the gauges; called by Nest. */
  onModuleInit(): void {
    const stops = [
      this.#observe('waiters', (result) => {
        for (const { secretName, expiredKeys } of this.runtime.cache.secrets()) {
          result.observe(expiredKeys.waiting, { [ATTRIBUTES.secret]: secretName });
        }
      }),
      this.#observe('staleTime', (result) => {
        for (const { secretName, state, fetchedAt } of this.credentials.status()) {
          const seconds = state === 'fresh' || fetchedAt === undefined ? 0 : (Date.now() - fetchedAt) / 1000;
          result.observe(seconds, { [ATTRIBUTES.secret]: secretName });
        }
      }),
      this.#observe('nextRefresh', (result) => {
        for (const { secretName, nextRefreshAt } of this.credentials.status()) {
          if (nextRefreshAt === undefined) continue;
          result.observe((nextRefreshAt - Date.now()) / 1000, { [ATTRIBUTES.secret]: secretName });
        }
      }),
      this.#observe('state', (result) => {
        for (const { secretName, state } of this.credentials.status()) {
          result.observe(1, { [ATTRIBUTES.secret]: secretName, [ATTRIBUTES.state]: state });
        }
      }),
    ];
    this.#stopObserving = () => {
      for (const stop of stops) stop();
    };
  }

  /** Takes the gauges back; called by Nest. */
  onApplicationShutdown(): void {
    this.#stopObserving();
  }

  #counter(metric: 'refreshes' | 'expiredKeyRetries' | 'versionChanges' | 'keysNotReplaced'): Counter {
    const { name, ...options } = METRICS[metric];
    return this.#meter.createCounter(name, options);
  }

  #observe(
    metric: 'waiters' | 'staleTime' | 'nextRefresh' | 'state',
    callback: (result: ObservableResult) => void,
  ): () => void {
    const { name, ...options } = METRICS[metric];
    const gauge = this.#meter.createObservableGauge(name, options);
    gauge.addCallback(callback);
    return () => gauge.removeCallback(callback);
  }

  #onEvent(event: ManagedCredentialsEvent): void {
    switch (event.type) {
      case 'refreshed':
        this.#countRefresh(event.secretName, 'ok', event.reason);
        this.#refreshSpan(event, { [ATTRIBUTES.version]: event.key.versionId });
        break;
      case 'refreshFailed':
        this.#countRefresh(event.secretName, event.errorCode, event.reason);
        this.#refreshSpan(event, {}, event.errorCode);
        break;
      case 'rotated':
        this.#versionChanges.add(1, { [ATTRIBUTES.secret]: event.secretName });
        break;
      case 'keyNotReplaced':
        this.#notReplaced.add(1, { [ATTRIBUTES.secret]: event.secretName });
        break;
      case 'callRetried':
        this.#retries.add(1, { [ATTRIBUTES.secret]: event.secretName, [ATTRIBUTES.sdk]: event.sdk });
        break;
      case 'kmsRequest': {
        const attributes = { [ATTRIBUTES.endpoint]: event.endpoint, [ATTRIBUTES.outcome]: event.outcome };
        this.#kmsDuration.record(event.durationMs / 1000, attributes);
        const isFailure = event.outcome !== 'ok' && event.outcome !== 'aborted';
        const details = {
          ...attributes,
          [ATTRIBUTES.secret]: event.secretName,
          ...(event.requestId === undefined ? {} : { [ATTRIBUTES.requestId]: event.requestId }),
        };
        this.#span(
          'KMS GetSecretValue',
          event,
          details,
          isFailure ? event.outcome : undefined,
          SpanKind.CLIENT,
        );
        break;
      }
      default:
        break;
    }
  }

  #countRefresh(secretName: string, outcome: string, reason: string): void {
    this.#refreshes.add(1, {
      [ATTRIBUTES.secret]: secretName,
      [ATTRIBUTES.outcome]: outcome,
      [ATTRIBUTES.reason]: reason,
    });
  }

  #refreshSpan(
    event: Extract<ManagedCredentialsEvent, { type: 'refreshed' | 'refreshFailed' }>,
    attributes: Attributes,
    failure?: string,
  ): void {
    const details = {
      ...attributes,
      [ATTRIBUTES.secret]: event.secretName,
      [ATTRIBUTES.reason]: event.reason,
    };
    this.#span('managed credentials refresh', event, details, failure);
  }

  /** Events tell of what is over, so a span is begun in the past and ended at once. */
  #span(
    name: string,
    { at, durationMs }: { readonly at: number; readonly durationMs: number },
    attributes: Attributes,
    failure?: string,
    kind = SpanKind.INTERNAL,
  ): void {
    const span = this.#tracer.startSpan(name, { startTime: at - durationMs, attributes, kind, root: true });
    if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
    span.end(at);
  }
}
