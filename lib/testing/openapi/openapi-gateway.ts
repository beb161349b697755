import { randomUUID } from 'node:crypto';
import type { AccessKeyRegistry } from '../cloud/access-key-registry.js';
import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import type { Gateway } from '../http/gateway.js';
import type { ServiceError } from '../http/service-error.js';
import { jsonAnswer, jsonError } from '../rpc/json-answer.js';
import type { RpcAuthenticator } from '../rpc/rpc-authenticator.js';
import { RpcRequest } from '../rpc/rpc-request.js';
import type { OpenApiActions } from './openapi-actions.js';

const PROTOCOL_PARAMETERS: ReadonlySet<string> = new Set([
  'Action',
  'Version',
  'Format',
  'AccessKeyId',
  'SecurityToken',
  'Signature',
  'SignatureMethod',
  'SignatureNonce',
  'SignatureVersion',
  'Timestamp',
]);
const CODES: Readonly<Record<number, string>> = {
  400: 'InvalidParameter',
  403: 'Forbidden.RAM',
  404: 'InvalidAction.NotFound',
  429: 'Throttling',
  503: 'ServiceUnavailable',
};

/** The gateway of the OpenAPI products, in RPC style. */
export class OpenApiGateway implements Gateway<RpcRequest> {
  readonly target = 'openapi';

  constructor(
    private readonly registry: AccessKeyRegistry,
    private readonly authenticator: RpcAuthenticator,
    private readonly actions: OpenApiActions,
    private readonly accountId: string,
  ) {}

  newRequestId(): string {
    return randomUUID().toUpperCase();
  }

  async open(exchange: Exchange): Promise<RpcRequest> {
    const request = await RpcRequest.read(exchange);
    Object.assign(exchange.record, this.registry.findKey(request.get('AccessKeyId'))?.owner);
    return request;
  }

  async answer(request: RpcRequest, exchange: Exchange): Promise<Answer> {
    const { accessKeyId, userName, owner } = this.authenticator.authenticate(request, exchange);
    const params = [...request.params].filter(([name]) => !PROTOCOL_PARAMETERS.has(name));
    const result = await this.actions.run(request.get('Action'), Object.fromEntries(params), {
      accountId: this.accountId,
      userName,
      accessKeyId,
      version: request.get('Version'),
      ...owner,
    });
    return jsonAnswer(exchange, result);
  }

  renderError(error: ServiceError, exchange: Exchange): Answer {
    return jsonError(exchange, error);
  }

  defaultCode(status: number): string {
    return CODES[status] ?? 'InternalError';
  }
}
