import { types } from 'node:util';

/**
 * Whether a value is an error, also one of another realm: inside a test runner's sandbox, errors of Node itself are
 * no instances of the sandbox's `Error`.
 */
export function isError(value: unknown): value is Error & Readonly<Record<string, unknown>> {
  return value instanceof Error || types.isNativeError(value);
}
