/** How to reach a dedicated KMS instance: validated, with the content of all files. */
export interface DedicatedKmsSettings {
  /** Which setting it came from, for messages. */
  readonly setting: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  /** The client key's JSON. */
  readonly clientKey: string;
  readonly password: string;
  /** PEM certificates to trust in place of the system's. */
  readonly ca?: string | undefined;
  readonly ignoreSslCerts: boolean;
}

/** Everything about KMS that the module was configured with. */
export interface KmsSettings {
  readonly dedicated: readonly DedicatedKmsSettings[];
  /** Secrets to fetch in the background at start-up. */
  readonly secretNames: readonly string[];
  readonly rotationIntervalMs?: number | undefined;
  readonly delayIntervalMs?: number | undefined;
}
