/** The part of pop-core's options that says how long a request may take, in milliseconds. */
export interface TimeoutOptions {
  readonly timeout?: number | undefined;
  readonly readTimeout?: number | undefined;
}

/** The time-out that a caller asked for; the SDK's own default is nobody's wish. */
export function askedTimeout(...options: readonly (TimeoutOptions | undefined)[]): number | undefined {
  const asked = options.find((option) => option?.readTimeout !== undefined || option?.timeout !== undefined);
  return asked?.readTimeout ?? asked?.timeout;
}
