/** The client key that the emulated dedicated KMS accepts, as content and as files. */
export interface ClientKeyInfo {
  /** As in the file: `KAAP.` and a UUID. */
  readonly keyId: string;
  /** The content of clientKey.json. */
  readonly json: string;
  /** Of the PKCS#12 file that the client key holds. */
  readonly password: string;
  /** Absolute path of clientKey.json. */
  readonly file: string;
  /** Absolute path of the file that holds the password. */
  readonly passwordFile: string;
}

/** How an app may sign in at the emulated STS with an OIDC token. */
export interface OidcInfo {
  /** The one token that is accepted. */
  readonly token: string;
  /** Absolute path of the file that holds `token`. */
  readonly tokenFile: string;
  /** The ARN of the OIDC provider that issued it. */
  readonly providerArn: string;
  /** The ARN of the role that it may assume. */
  readonly roleArn: string;
}

/** The CA of the emulator's TLS servers. */
export interface CertificateInfo {
  /** PEM. */
  readonly ca: string;
  /** Absolute path of the file that holds `ca`. */
  readonly caFile: string;
}
