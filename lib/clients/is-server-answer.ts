import { ManagedCredentialsError } from '../core/errors.js';
import { isRecord } from '../core/is-record.js';

/** Node's codes for sockets, DNS, TLS and HTTP; those of cloud services have lower-case letters in them. */
const SYSTEM_CODE = /^(?:E[A-Z0-9]+|E(?:AI|RR)_[A-Z0-9_]+|UND_ERR_[A-Z_]+|HPE_[A-Z_]+)$/;

/** Names, or codes, that the SDKs give to time-outs, aborts and broken connections. */
const NO_ANSWER = new Set<unknown>([
  'AbortError',
  'ConnectionTimeoutError',
  'NetworkingError',
  'RequestError',
  'RequestTimeoutError',
  'ResponseError',
  'ResponseTimeoutError',
  'SocketAssignTimeoutError',
  'TimeoutError',
]);

/**
 * Whether an error is what a server answered. A time-out or a lost connection is not: the call may have been
 * carried out, so it must not be sent again because of it. Errors of this library are not either.
 */
export function isServerAnswer(error: unknown): boolean {
  if (!isRecord(error) || error instanceof ManagedCredentialsError) return false;
  const { name, code, status, data } = error;
  // openapi-core gives one of these names to what a server answered as well, with the body of the answer.
  if ((NO_ANSWER.has(name) && !isRecord(data)) || NO_ANSWER.has(code)) return false;
  if (typeof code === 'string' && SYSTEM_CODE.test(code)) return false;
  // urllib, under ali-oss: -1 is a network error, -2 a time-out.
  return status !== -1 && status !== -2;
}
