import type { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

/** Which key a call claims to be signed with. */
export interface SignatureClaim {
  readonly accessKeyId: string;
  isSignedWith(accessKeySecret: string): boolean;
}

export type Verdict = 'accepted' | 'unknown' | 'disabled' | 'mismatch';

/** The keys of one secret as a service beside the emulated cloud knows them: only the newest version is good. */
export class KeyRing {
  /** Secrets by key id, of all versions that were current here. */
  readonly #versions = new Map<string, string>();
  #disabled = false;
  #tornPairs = 0;

  constructor(
    private readonly cloud: AlibabaCloudEmulator,
    readonly secretName: string,
  ) {
    this.#note();
  }

  /** How many calls were signed with the id of one version and the secret of another. */
  get tornPairs(): number {
    return this.#tornPairs;
  }

  /** Replaces the key; the one before is unknown to the service from now on. */
  emergencyRotate(): void {
    this.cloud.emergencyRotate(this.secretName);
    this.#disabled = false;
    this.#note();
  }

  /** Replaces the key; the one before is known to the service, but disabled. */
  disableOldKey(): void {
    this.emergencyRotate();
    this.#disabled = true;
  }

  judge(claim: SignatureClaim): Verdict {
    const secret = this.#versions.get(claim.accessKeyId);
    const matches = secret !== undefined && claim.isSignedWith(secret);
    if (secret !== undefined && !matches) {
      this.#tornPairs += [...this.#versions.values()].some((other) => claim.isSignedWith(other)) ? 1 : 0;
    }
    if (claim.accessKeyId !== this.cloud.secret(this.secretName).accessKeyId) {
      return this.#disabled && secret !== undefined ? 'disabled' : 'unknown';
    }
    return matches ? 'accepted' : 'mismatch';
  }

  #note(): void {
    const { accessKeyId, accessKeySecret } = this.cloud.secret(this.secretName);
    this.#versions.set(accessKeyId, accessKeySecret);
  }
}
