import type { AccessKey } from '../../cloud/access-key.js';
import type { Exchange } from '../../http/exchange.js';
import { ServiceError } from '../../http/service-error.js';
import type { CallAuthenticator } from '../../pop/call-authenticator.js';
import type { RpcRequest } from '../../pop/rpc-request.js';
import type { ClientKeyAuthenticator } from './client-key-authenticator.js';

/** Who may read secrets through the shared KMS API: one RAM user, whoever plays a RAM role, and the client key. */
export class SharedKmsAccess {
  constructor(
    private readonly accessKeys: CallAuthenticator,
    private readonly clientKeys: ClientKeyAuthenticator,
    private readonly reader: AccessKey,
  ) {}

  /** @throws ServiceError to refuse the call */
  assertMayRead(request: RpcRequest, exchange: Exchange): void {
    if (request.claimsPrivateKey) return this.clientKeys.authenticate(request);
    const key = this.accessKeys.authenticate(request, exchange);
    if (key === this.reader || key.session) return;
    const message = 'You are not authorized to do this operation.';
    throw new ServiceError(403, 'Forbidden.NoPermission', message);
  }
}
