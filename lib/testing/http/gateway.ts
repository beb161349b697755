import type { EmulatorTarget } from '../emulator-target.js';
import type { Answer } from './answer.js';
import type { Exchange } from './exchange.js';
import type { ServiceError } from './service-error.js';

/**
 * One emulated service, free of sockets, faults and logs.
 * @typeParam Call what `open` has understood of a request
 */
export interface Gateway<Call> {
  readonly target: EmulatorTarget;

  /** A request id in the service's own form. */
  newRequestId(): string;

  /**
   * Reads what the request says about itself into the exchange's record, so that faults can be aimed at it.
   * @throws ServiceError when the request cannot be understood
   */
  open(exchange: Exchange): Call | Promise<Call>;

  /**
   * Does the work.
   * @throws ServiceError to refuse
   */
  answer(call: Call, exchange: Exchange): Answer | Promise<Answer>;

  /** Puts an error into the service's own format. */
  renderError(error: ServiceError, exchange: Exchange): Answer;

  /** The code that the service uses for an error status when nobody names one. */
  defaultCode(status: number): string;
}
