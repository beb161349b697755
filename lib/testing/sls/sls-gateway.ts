import { randomBytes } from 'node:crypto';
import type { AccessKey } from '../cloud/access-key.js';
import type { AccessKeyRegistry, Refusal } from '../cloud/access-key-registry.js';
import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import type { Gateway } from '../http/gateway.js';
import { ServiceError } from '../http/service-error.js';
import { ActionAnswer } from '../openapi/action-answer.js';
import { callerOf } from '../openapi/caller-of.js';
import type { OpenApiActions } from '../openapi/openapi-actions.js';
import { SlsRequest } from './sls-request.js';

const MAX_SKEW_MS = 15 * 60_000;

const CODES: Readonly<Record<number, string>> = {
  400: 'ParameterInvalid',
  401: 'Unauthorized',
  403: 'WriteQuotaExceed',
  404: 'ProjectNotExist',
  503: 'ServerBusy',
};

/** Simple Log Service: it verifies calls, and answers with what they say. */
export class SlsGateway implements Gateway<SlsRequest> {
  readonly target = 'sls';

  constructor(
    private readonly registry: AccessKeyRegistry,
    private readonly actions: OpenApiActions,
    private readonly accountId: string,
    private readonly now: () => number,
  ) {}

  newRequestId(): string {
    return randomBytes(12).toString('hex').toUpperCase();
  }

  async open(exchange: Exchange): Promise<SlsRequest> {
    const call = await SlsRequest.read(exchange);
    exchange.record.action = call.action;
    if (call.accessKeyId !== '') exchange.record.accessKeyId = call.accessKeyId;
    Object.assign(exchange.record, this.registry.findKey(call.accessKeyId)?.owner);
    return call;
  }

  async answer(call: SlsRequest, exchange: Exchange): Promise<Answer> {
    const key = this.#authenticate(call, exchange);
    const result = await this.actions.run(call, callerOf(key, exchange, this.accountId));
    const { contentType, body } =
      result instanceof ActionAnswer ? result : new ActionAnswer('application/json', JSON.stringify(result));
    return { status: 200, headers: headers(exchange, contentType), body };
  }

  renderError({ status, code, message }: ServiceError, exchange: Exchange): Answer {
    const body = JSON.stringify({ errorCode: code, errorMessage: message });
    return { status, headers: headers(exchange, 'application/json'), body, code };
  }

  defaultCode(status: number): string {
    return CODES[status] ?? 'InternalServerError';
  }

  #authenticate(call: SlsRequest, exchange: Exchange): AccessKey {
    call.assertVerifiable();
    if (!(Math.abs(this.now() - call.signedAt) <= MAX_SKEW_MS)) {
      const message = 'Request time exceeds server time more than 15 minutes.';
      throw new ServiceError(400, 'RequestTimeTooSkewed', message);
    }
    const verdict = this.registry.authenticate(call);
    if (verdict.torn) exchange.record.tornPair = true;
    if (verdict.outcome !== 'accepted') throw refusal(verdict.outcome, call);
    return verdict.key;
  }
}

function headers({ requestId }: Exchange, contentType: string): Record<string, string> {
  return { 'content-type': contentType, 'x-log-requestid': requestId };
}

// Source: error codes of the SLS API reference. One code stands for every reason why a key is not accepted.
function refusal(outcome: Refusal, { accessKeyId }: SlsRequest): ServiceError {
  switch (outcome) {
    case 'unknown':
    case 'tokenMissing':
      return new ServiceError(401, 'Unauthorized', `AccessKeyId not found: ${accessKeyId}`);
    case 'inactive':
      return new ServiceError(401, 'Unauthorized', `AccessKeyId is disabled: ${accessKeyId}`);
    case 'tokenMalformed':
    case 'tokenMismatched':
      return new ServiceError(401, 'Unauthorized', 'The security token you provided is invalid.');
    case 'tokenExpired':
      return new ServiceError(401, 'Unauthorized', 'The security token you provided has expired.');
    case 'signatureMismatch':
      return new ServiceError(401, 'SignatureNotMatch', 'Signature is not matched.');
  }
}
