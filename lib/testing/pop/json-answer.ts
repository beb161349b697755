import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import type { ServiceError } from '../http/service-error.js';

/** An RPC service's answer, with its RequestId. */
export function jsonAnswer(exchange: Exchange, result: object): Answer {
  return {
    status: 200,
    headers: headers(exchange),
    body: JSON.stringify({ ...result, RequestId: exchange.requestId }),
  };
}

/**
 * An RPC service's error: Code, Message, RequestId and HostId.
 * @param more further fields of the body
 */
export function jsonError(exchange: Exchange, error: ServiceError, more: object = {}): Answer {
  const { status, code, message, details } = error;
  const body = {
    RequestId: exchange.requestId,
    HostId: exchange.hostId,
    Code: code,
    Message: message,
    ...details,
    ...more,
  };
  return { status, headers: headers(exchange), body: JSON.stringify(body), code };
}

function headers(exchange: Exchange): Record<string, string> {
  return { 'content-type': 'application/json;charset=utf-8', 'x-acs-request-id': exchange.requestId };
}
