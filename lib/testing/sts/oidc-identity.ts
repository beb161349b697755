import { randomBytes } from 'node:crypto';

const DAY_SECONDS = 86_400;

/** The OIDC identity provider that STS trusts, and the one token that it accepts. */
export interface OidcIdentity {
  /** A JSON Web Token, as a pod finds it in a file. */
  readonly token: string;
  readonly providerArn: string;
  /** The role that may be assumed with the token. */
  readonly roleArn: string;
  readonly claims: OidcClaims;
}

/** What the token says about itself. */
export interface OidcClaims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  /** Epoch seconds. */
  readonly iat: number;
  readonly exp: number;
}

/** A new identity of an account, with a token that looks like those of Kubernetes. */
export function newOidcIdentity(accountId: string, roleArn: string, now: number): OidcIdentity {
  const iat = Math.floor(now / 1000);
  const claims: OidcClaims = {
    iss: 'https://oidc.emulator.example',
    sub: 'system:serviceaccount:default:app',
    aud: 'sts.aliyuncs.com',
    iat,
    exp: iat + DAY_SECONDS,
  };
  const [header, payload] = [{ alg: 'RS256', typ: 'JWT', kid: 'emulator' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  // Nobody verifies it: the token is compared as a whole.
  const signature = randomBytes(256).toString('base64url');
  return Object.freeze({
    token: `${header}.${payload}.${signature}`,
    providerArn: `acs:ram::${accountId}:oidc-provider/emulator`,
    roleArn,
    claims,
  });
}
