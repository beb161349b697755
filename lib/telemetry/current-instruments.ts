import { createNoopMeter, metrics, type MeterProvider } from '@opentelemetry/api';

import { VERSION } from '../version.js';
import { Instruments, type Observer } from './instruments.js';
import { SCOPE_NAME } from './metric-names.js';

/** How often it is looked whether a meter provider has been registered, while there is none. */
const PROVIDER_POLL_MS = 1000;

/**
 * The instruments of the meter provider that is registered globally at the moment. The API binds a meter to the
 * provider of the moment when it is made, so that one from before the registration would never measure anything.
 */
export class CurrentInstruments {
  #provider: MeterProvider | undefined;
  #instruments: Instruments | undefined;
  #poll: NodeJS.Timeout | undefined;

  constructor(private readonly observe: Observer) {
    this.get();
  }

  /** The instruments to use now. */
  get(): Instruments {
    const provider = metrics.getMeterProvider();
    if (this.#instruments !== undefined && provider === this.#provider) return this.#instruments;
    this.close();
    const meter = provider.getMeter(SCOPE_NAME, VERSION);
    this.#provider = provider;
    this.#instruments = new Instruments(meter, this.observe);
    if (meter === createNoopMeter()) {
      // Gauges would appear with the next event only, which may be hours away.
      this.#poll = setInterval(() => this.get(), PROVIDER_POLL_MS).unref();
    }
    return this.#instruments;
  }

  /** Takes the instruments back, and looks for no other provider. */
  close(): void {
    clearInterval(this.#poll);
    this.#instruments?.close();
    this.#instruments = undefined;
  }
}
