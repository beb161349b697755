import { MetricReader } from '@opentelemetry/sdk-metrics';

/** Collects the metrics when it is asked. */
export class MetricsReader extends MetricReader {
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}
