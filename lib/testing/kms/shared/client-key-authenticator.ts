import type { KeyObject } from 'node:crypto';
import { ServiceError } from '../../http/service-error.js';
import { signatureMismatch } from '../../pop/call-authenticator.js';
import type { ReplayGuard } from '../../pop/replay-guard.js';
import type { RpcRequest } from '../../pop/rpc-request.js';

/** Verifies RPC calls that are signed with a client key: SHA256withRSA, the KeyId as AccessKeyId. */
export class ClientKeyAuthenticator {
  constructor(
    private readonly keyId: string,
    private readonly publicKey: KeyObject,
    private readonly guard: ReplayGuard,
  ) {}

  /** @throws ServiceError to refuse the call */
  authenticate(request: RpcRequest): void {
    request.assertSignatureMethod('SHA256withRSA');
    this.guard.assertFresh(request);
    if (request.accessKeyId !== this.keyId) {
      throw new ServiceError(404, 'InvalidAccessKeyId.NotFound', 'Specified access key is not found.');
    }
    if (!request.isSignedBy(this.publicKey)) throw signatureMismatch(request.stringToSign());
    this.guard.useNonce(request);
  }
}
