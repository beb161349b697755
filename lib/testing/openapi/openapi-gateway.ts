import { randomUUID } from 'node:crypto';
import type { AccessKeyRegistry } from '../cloud/access-key-registry.js';
import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import type { Gateway } from '../http/gateway.js';
import type { ServiceError } from '../http/service-error.js';
import type { CallAuthenticator } from '../pop/call-authenticator.js';
import { jsonAnswer, jsonError } from '../pop/json-answer.js';
import type { OpenApiCall } from '../pop/openapi-call.js';
import { recordCall } from '../pop/record-call.js';
import { RoaRequest } from '../pop/roa-request.js';
import { RpcRequest } from '../pop/rpc-request.js';
import { V3Request } from '../pop/v3-request.js';
import { ActionAnswer } from './action-answer.js';
import { asAccepted, compressed } from './answer-format.js';
import { callerOf } from './caller-of.js';
import type { OpenApiActions } from './openapi-actions.js';

const CODES: Readonly<Record<number, string>> = {
  400: 'InvalidParameter',
  403: 'Forbidden.RAM',
  404: 'InvalidAction.NotFound',
  429: 'Throttling',
  503: 'ServiceUnavailable',
};

/** The gateway of the OpenAPI products, in RPC and in ROA style, with signatures of all versions. */
export class OpenApiGateway implements Gateway<OpenApiCall> {
  readonly target = 'openapi';

  constructor(
    private readonly registry: AccessKeyRegistry,
    private readonly authenticator: CallAuthenticator,
    private readonly actions: OpenApiActions,
    private readonly accountId: string,
  ) {}

  newRequestId(): string {
    return randomUUID().toUpperCase();
  }

  async open(exchange: Exchange): Promise<OpenApiCall> {
    const style = [V3Request, RoaRequest].find((candidate) => candidate.claims(exchange)) ?? RpcRequest;
    const call = await style.read(exchange);
    recordCall(call, exchange.record);
    Object.assign(exchange.record, this.registry.findKey(call.accessKeyId)?.owner);
    return call;
  }

  async answer(call: OpenApiCall, exchange: Exchange): Promise<Answer> {
    const key = this.authenticator.authenticate(call, exchange);
    const result = await this.actions.run(call, callerOf(key, exchange, this.accountId));
    if (result instanceof ActionAnswer) return compressed(exchange, rawAnswer(exchange, result));
    return asAccepted(exchange, jsonAnswer(exchange, result), 'Response');
  }

  renderError(error: ServiceError, exchange: Exchange): Answer {
    return asAccepted(exchange, jsonError(exchange, error), 'Error');
  }

  defaultCode(status: number): string {
    return CODES[status] ?? 'InternalError';
  }
}

function rawAnswer({ requestId }: Exchange, { contentType, body }: ActionAnswer): Answer {
  return { status: 200, headers: { 'content-type': contentType, 'x-acs-request-id': requestId }, body };
}
