import { randomUUID } from 'node:crypto';
import type { AccessKey } from '../cloud/access-key.js';
import type { AccessKeyRegistry } from '../cloud/access-key-registry.js';
import type { Answer } from '../http/answer.js';
import type { Exchange } from '../http/exchange.js';
import type { Gateway } from '../http/gateway.js';
import { ServiceError } from '../http/service-error.js';
import type { CallAuthenticator } from '../pop/call-authenticator.js';
import { jsonAnswer, jsonError } from '../pop/json-answer.js';
import { recordCall } from '../pop/record-call.js';
import { RpcRequest } from '../pop/rpc-request.js';
import type { OidcSignIn } from './oidc-sign-in.js';
import type { RoleSessions } from './role-sessions.js';

const API_VERSION = '2015-04-01';
const CODES: Readonly<Record<number, string>> = {
  400: 'InvalidParameter',
  401: 'AuthenticationFail.NoPermission',
  403: 'NoPermission',
  404: 'EntityNotExist.Role',
  429: 'Throttling',
  503: 'ServiceUnavailable',
};

/** The Security Token Service: AssumeRole and AssumeRoleWithOIDC, in RPC style. */
export class StsGateway implements Gateway<RpcRequest> {
  readonly target = 'sts';

  constructor(
    private readonly registry: AccessKeyRegistry,
    private readonly authenticator: CallAuthenticator,
    private readonly sessions: RoleSessions,
    private readonly oidc: OidcSignIn,
    /** Whether the role may be assumed with a key. */
    private readonly trusts: (key: AccessKey) => boolean,
  ) {}

  newRequestId(): string {
    return randomUUID().toUpperCase();
  }

  async open(exchange: Exchange): Promise<RpcRequest> {
    const request = await RpcRequest.read(exchange);
    recordCall(request, exchange.record);
    Object.assign(exchange.record, this.registry.findKey(request.accessKeyId)?.owner);
    return request;
  }

  answer(request: RpcRequest, exchange: Exchange): Answer {
    switch (request.action) {
      case 'AssumeRole':
        return jsonAnswer(exchange, this.#assumeRole(request, exchange));
      case 'AssumeRoleWithOIDC':
        return jsonAnswer(exchange, this.#assumeRoleWithOidc(request));
      default: {
        const message = 'Specified api is not found, please check your url and method.';
        throw new ServiceError(404, 'InvalidAction.NotFound', message);
      }
    }
  }

  renderError(error: ServiceError, exchange: Exchange): Answer {
    return jsonError(exchange, error);
  }

  defaultCode(status: number): string {
    return CODES[status] ?? 'InternalError';
  }

  // Whoever plays the role already may assume it once more.
  #assumeRole(request: RpcRequest, exchange: Exchange): object {
    const key = this.authenticator.authenticate(request, exchange);
    request.assertVersion(API_VERSION);
    if (this.trusts(key) || key.session) return this.sessions.start(request);
    const message =
      'No permission perform sts:AssumeRole on this Role. Maybe you are not authorized to perform sts:AssumeRole or the specified role does not trust you.';
    throw new ServiceError(403, 'NoPermission', message);
  }

  // Not signed: the token is the proof.
  #assumeRoleWithOidc(request: RpcRequest): object {
    request.assertVersion(API_VERSION);
    const OIDCTokenInfo = this.oidc.verify(request);
    return { OIDCTokenInfo, ...this.sessions.start(request) };
  }
}
