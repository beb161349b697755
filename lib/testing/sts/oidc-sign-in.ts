import { toUtcSeconds } from '../cloud/identifiers.js';
import { ServiceError } from '../http/service-error.js';
import type { ReplayGuard } from '../pop/replay-guard.js';
import type { RpcRequest } from '../pop/rpc-request.js';
import type { OidcIdentity } from './oidc-identity.js';

/** Judges calls that prove with an OIDC token who makes them. */
export class OidcSignIn {
  constructor(
    private readonly identity: OidcIdentity,
    private readonly guard: ReplayGuard,
    private readonly now: () => number,
  ) {}

  /**
   * What STS answers about the token of a call.
   * @throws ServiceError 401 when the token does not prove anything
   */
  verify(request: RpcRequest): object {
    this.guard.assertFresh(request);
    const token = request.get('OIDCToken');
    if (request.get('OIDCProviderArn') !== this.identity.providerArn) {
      throw failure('NoPermission', 'No such OIDC Provider registered.');
    }
    if (token === '') throw failure('OIDCToken.Invalid', 'The OIDCToken can not empty.');
    if (token.split('.').length !== 3) {
      const message = "The number of Jwt field should be divided into 3 parts with '.' .";
      throw failure('OIDCToken.Invalid', message);
    }
    if (token !== this.identity.token) {
      throw failure('OIDCToken.InvalidSignature', 'OIDC token validate failed: invalid signature.');
    }
    const { iss, sub, aud, iat, exp } = this.identity.claims;
    if (exp * 1000 <= this.now()) throw failure('OIDCToken.Expired', 'This JsonWebToken is expired.');
    return {
      Issuer: iss,
      Subject: sub,
      ClientIds: aud,
      IssuanceTime: toUtcSeconds(iat * 1000),
      ExpirationTime: toUtcSeconds(exp * 1000),
      VerificationInfo: 'Success',
    };
  }
}

function failure(kind: string, message: string): ServiceError {
  return new ServiceError(401, `AuthenticationFail.${kind}`, message);
}
