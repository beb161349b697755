import { AsyncLocalStorage } from 'node:async_hooks';

import {
  context,
  metrics,
  ROOT_CONTEXT,
  trace,
  type Attributes,
  type Context,
  type ContextManager,
} from '@opentelemetry/api';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { METRICS } from 'nestjs-aliyun-managed-credentials/opentelemetry';

import { samplesOf, type Sample } from './prom-samples.js';

/** Collects only when it is asked to. */
class OnDemandReader extends MetricReader {
  constructor(temporality: AggregationTemporality) {
    super({ aggregationTemporalitySelector: () => temporality });
  }
  protected override onForceFlush = async () => undefined;
  protected override onShutdown = async () => undefined;
}

/** Carries the active span through promises and timers, as the SDK for Node does. */
class AsyncContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = () => this.#storage.getStore() ?? ROOT_CONTEXT;
  with = <Args extends unknown[], Fn extends (...args: Args) => ReturnType<Fn>>(
    active: Context,
    fn: Fn,
    thisArg?: ThisParameterType<Fn>,
    ...args: Args
  ): ReturnType<Fn> => this.#storage.run(active, () => fn.apply(thisArg, args));
  bind = <Target>(_active: Context, target: Target) => target;
  enable = () => this;
  disable = () => this;
}

/** An OpenTelemetry SDK in memory. */
export class TelemetryRecorder {
  readonly #reader: OnDemandReader;
  readonly #meters: MeterProvider;
  readonly #spans = new InMemorySpanExporter();

  /** @param temporality with `DELTA` only what was measured since the last question is answered */
  constructor(temporality = AggregationTemporality.CUMULATIVE) {
    this.#reader = new OnDemandReader(temporality);
    this.#meters = new MeterProvider({ readers: [this.#reader] });
  }

  /** Makes it the one that the API of OpenTelemetry uses, in place of another. */
  register(): this {
    TelemetryRecorder.disable();
    metrics.setGlobalMeterProvider(this.#meters);
    context.setGlobalContextManager(new AsyncContextManager());
    const spanProcessors = [new SimpleSpanProcessor(this.#spans)];
    trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
    return this;
  }

  /** Leaves the API without an SDK. */
  static disable(): void {
    metrics.disable();
    trace.disable();
    context.disable();
  }

  /** All metrics as they are exported. */
  async metrics() {
    const { resourceMetrics } = await this.#reader.collect();
    return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  }

  /** The data points of a metric, as attributes and value; of a histogram, the number of its values. */
  async points(metric: keyof typeof METRICS): Promise<(readonly [Attributes, number])[]> {
    const found = (await this.metrics()).find(({ descriptor }) => descriptor.name === METRICS[metric].name);
    return (found?.dataPoints ?? []).map(({ attributes, value }) => [
      attributes,
      typeof value === 'number' ? value : value.count,
    ]);
  }

  /** All series as Prometheus gets them. */
  async samples(): Promise<readonly Sample[]> {
    const { resourceMetrics } = await this.#reader.collect();
    return samplesOf(new PrometheusSerializer().serialize(resourceMetrics));
  }

  /** The spans that have ended. */
  spans() {
    return this.#spans.getFinishedSpans();
  }
}
