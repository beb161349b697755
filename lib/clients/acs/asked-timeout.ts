/** The part of pop-core's options that says how long a request may take, in milliseconds. */
export interface TimeoutOptions {
  readonly timeout?: number | undefined;
  readonly readTimeout?: number | undefined;
}

/** The time-out that a caller asked for; the SDK's own default is nobody's wish. */
export function askedTimeout(...options: readonly TimeoutOptions[]): number | undefined {
  const asked = options.find(
    ({ readTimeout, timeout }) => readTimeout !== undefined || timeout !== undefined,
  );
  return asked?.readTimeout ?? asked?.timeout;
}
