import { Controller, Get, Header } from '@nestjs/common';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';

import { MetricsReader } from './metrics-reader.js';

/** What Prometheus scrapes. */
@Controller('metrics')
export class MetricsController {
  readonly #serializer = new PrometheusSerializer();

  constructor(private readonly reader: MetricsReader) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4')
  async scrape(): Promise<string> {
    const { resourceMetrics } = await this.reader.collect();
    return this.#serializer.serialize(resourceMetrics);
  }
}
