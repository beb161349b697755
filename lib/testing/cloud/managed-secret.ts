import { createAccessKey } from './access-key.js';
import { newVersionId, toUtcSeconds } from './identifiers.js';
import { visibleAt, type KmsLag, type SecretVersion } from './secret-version.js';

const DAY_MS = 86_400_000;

/** How KMS manages a secret. */
export interface SecretOptions {
  /** `ram` (the default): a RAM user's AccessKey. `generic`: any text, with no AccessKey behind it. */
  readonly type?: 'ram' | 'generic';
  /** What KMS answers as SecretData. Default for `ram`: JSON with the AccessKey; for `generic`: `{}`. */
  readonly secretData?: string;
  /** The RAM user who owns the keys. Default: the last part of the secret's name. */
  readonly userName?: string;
  /** Whether KMS announces rotations (default: for `ram`). The emulator itself rotates only when told to. */
  readonly automaticRotation?: boolean;
  /** @default 86_400_000 (a day) */
  readonly rotationIntervalMs?: number;
  /** The NextRotationDate of the first version, epoch ms. Default: creation plus the interval. */
  readonly nextRotationAt?: number;
}

/** What may be said about a new version. */
export interface NewVersion {
  readonly secretData?: string;
  readonly nextRotationAt?: number;
  /** How long KMS does not know of it. */
  readonly kmsLagMs?: KmsLag;
}

/** A secret in KMS with all its versions, oldest first. */
export class ManagedSecret {
  readonly type: 'ram' | 'generic';
  readonly userName: string;
  readonly automaticRotation: boolean;
  readonly rotationIntervalMs: number;
  /** Whether KMS refuses everybody who asks for it. */
  isDenied = false;
  readonly #versions: SecretVersion[] = [];
  #newest: SecretVersion;

  /** A secret with its first version. */
  constructor(
    readonly name: string,
    options: SecretOptions,
    now: number,
  ) {
    this.type = options.type ?? 'ram';
    this.userName = options.userName ?? name.split('/').at(-1) ?? name;
    this.automaticRotation = options.automaticRotation ?? this.type === 'ram';
    this.rotationIntervalMs = options.rotationIntervalMs ?? DAY_MS;
    this.#newest = this.add(options, now);
  }

  /** All versions, also those that KMS has not heard of yet. */
  get versions(): readonly SecretVersion[] {
    return this.#versions;
  }

  /** The last version, also while KMS has not heard of it yet. */
  get newest(): SecretVersion {
    return this.#newest;
  }

  /** Adds a version, with a new AccessKey when this is a managed RAM credential. */
  add(details: NewVersion, now: number): SecretVersion {
    const versionId = newVersionId();
    const key =
      this.type === 'ram' ? createAccessKey(this.userName, { secretName: this.name, versionId }) : undefined;
    const ramData = key && {
      AccessKeyId: key.accessKeyId,
      AccessKeySecret: key.accessKeySecret,
      GenerateTimestamp: toUtcSeconds(now),
    };
    const version: SecretVersion = {
      versionId,
      secretData: details.secretData ?? JSON.stringify(ramData ?? {}),
      ...(key === undefined ? {} : { key }),
      createdAt: now,
      kmsLagMs: details.kmsLagMs ?? 0,
      ...(this.automaticRotation
        ? { nextRotationAt: details.nextRotationAt ?? now + this.rotationIntervalMs }
        : {}),
    };
    this.#versions.push(version);
    this.#newest = version;
    return version;
  }

  /** The versions that the KMS of a region has heard of by now, oldest first; the last one is its current one. */
  known(now: number, regionId: string): readonly SecretVersion[] {
    // The walk back ends at the first known version, which nearly always is the newest.
    const last = this.#versions.findLastIndex((version) => visibleAt(version, regionId) <= now);
    // The first version is known everywhere from the start.
    return last === this.#versions.length - 1
      ? this.#versions
      : this.#versions.slice(0, Math.max(last, 0) + 1);
  }
}
