import type {
  BatchObservableCallback,
  BatchObservableResult,
  Counter,
  Histogram,
  Meter,
  MetricOptions,
  Observable,
} from '@opentelemetry/api';

import { METRICS, type MetricDescription } from './metric-names.js';

/**
 * The buckets that the semantic conventions of OpenTelemetry advise for durations of requests, in seconds. Those that
 * an SDK takes by default are meant for milliseconds.
 */
const REQUEST_DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** The instruments that are asked for at each collection. */
export interface ObservedInstruments {
  /** Counters of what is rare: they must be there at 0 before it happens, because a rate begins with the second value. */
  readonly rare: readonly Counter[];
  readonly waiters: Observable;
  readonly status: Observable;
  readonly staleTime: Observable;
  readonly timeLeft: Observable;
}

/** Tells the values at the moment of the question. */
export type Observer = (result: BatchObservableResult, instruments: ObservedInstruments) => void;

/** The instruments of one meter. */
export class Instruments {
  readonly refreshes: Counter;
  readonly expiredKeyRetries: Counter;
  readonly keysNotReplaced: Counter;
  readonly versionChanges: Counter;
  readonly kmsRequestDuration: Histogram;
  readonly #observed: Observable[];
  readonly #callback: BatchObservableCallback;

  constructor(
    private readonly meter: Meter,
    observe: Observer,
  ) {
    const counter = (metric: MetricDescription) => meter.createCounter(metric.name, optionsOf(metric));
    this.refreshes = counter(METRICS.refreshes);
    this.expiredKeyRetries = counter(METRICS.expiredKeyRetries);
    this.keysNotReplaced = counter(METRICS.keysNotReplaced);
    this.versionChanges = counter(METRICS.versionChanges);
    this.kmsRequestDuration = meter.createHistogram(METRICS.kmsRequestDuration.name, {
      ...optionsOf(METRICS.kmsRequestDuration),
      advice: { explicitBucketBoundaries: REQUEST_DURATION_BUCKETS },
    });
    const upDownCounter = (metric: MetricDescription) =>
      meter.createObservableUpDownCounter(metric.name, optionsOf(metric));
    const gauge = (metric: MetricDescription) => meter.createObservableGauge(metric.name, optionsOf(metric));
    const observed = {
      waiters: upDownCounter(METRICS.waiters),
      status: upDownCounter(METRICS.status),
      staleTime: gauge(METRICS.staleTime),
      timeLeft: gauge(METRICS.timeLeft),
    };
    const rare = [this.keysNotReplaced, this.versionChanges];
    this.#observed = Object.values(observed);
    this.#callback = (result) => observe(result, { ...observed, rare });
    meter.addBatchObservableCallback(this.#callback, this.#observed);
  }

  /** Has values asked for no more. */
  close(): void {
    this.meter.removeBatchObservableCallback(this.#callback, this.#observed);
  }
}

function optionsOf({ unit, description }: MetricDescription): MetricOptions {
  return { unit, description };
}
