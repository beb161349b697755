/**
 * An error that an emulated service answers with, rendered in that service's own format.
 * Throw it from an `onAction` handler to make the gateway refuse a call.
 */
export class ServiceError extends Error {
  /** Tells it from other errors without its class. */
  override readonly name = 'ServiceError';

  /**
   * @param status HTTP status of the answer
   * @param code the service's error code, such as `Forbidden.NoPermission`
   * @param details further elements of the error body (OSS renders them as XML elements)
   * @param headers further headers of the answer
   */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, string>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** The client went away before its request was complete: there is nobody to answer. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';
}
