import type { SecretOptions } from './cloud/managed-secret.js';
import { temporaryCredentials, type TemporaryCredentials } from './cloud/ram-role.js';
import {
  genericSecretInfo,
  ramSecretInfo,
  type GenericSecretInfo,
  type RamSecretInfo,
} from './cloud/secret-info.js';
import type { EmulatedCloud } from './emulated-cloud.js';
import { EmulatorError } from './emulator-error.js';
import type { EmergencyRotationOptions, RevocationOptions, RotationOptions } from './emulator-options.js';
import { assertRegion } from './region-options.js';

/** What a test can do to the secrets and AccessKeys of an emulated cloud. */
export class SecretControls {
  readonly #cloud: EmulatedCloud;

  /** @internal */
  protected constructor(cloud: EmulatedCloud) {
    this.#cloud = cloud;
  }

  /** How many calls were signed with the id of one version and the secret of another version of one secret. */
  get tornPairs(): number {
    return this.#cloud.registry.tornPairs;
  }

  /**
   * Makes a secret in KMS: a managed RAM credential, with its RAM user's first AccessKey, or a generic one.
   * @throws EmulatorError when the name is taken
   */
  createSecret(name: string, options: SecretOptions & { readonly type: 'generic' }): GenericSecretInfo;
  createSecret(name: string, options?: SecretOptions & { readonly type?: 'ram' }): RamSecretInfo;
  createSecret(name: string, options: SecretOptions = {}): GenericSecretInfo {
    const secret = this.#cloud.registry.createSecret(name, options);
    return secret.type === 'ram' ? ramSecretInfo(secret) : genericSecretInfo(secret);
  }

  /**
   * The newest version of a managed RAM credential, also while KMS still lags behind.
   * @throws EmulatorError when there is no such secret
   */
  secret(name: string): RamSecretInfo {
    return ramSecretInfo(this.#cloud.registry.secret(name));
  }

  /**
   * A planned rotation: a new AccessKey becomes current. The one before stays good until the next rotation, since
   * a RAM user has two keys at most.
   * @throws EmulatorError when there is no such secret, or it is a generic one
   */
  rotate(name: string, options: RotationOptions = {}): RamSecretInfo {
    return this.#rotate(name, options, 2);
  }

  /**
   * An emergency rotation: a new AccessKey becomes current, and all older keys of the secret are refused at once.
   * @throws EmulatorError when there is no such secret or region, or the secret is a generic one
   */
  emergencyRotate(name: string, options: EmergencyRotationOptions = {}): RamSecretInfo {
    const { kmsLagMs = 0 } = options;
    for (const regionId of typeof kmsLagMs === 'number' ? [] : Object.keys(kmsLagMs)) {
      assertRegion(regionId, this.#cloud.regions);
    }
    return this.#rotate(name, options, 1);
  }

  /**
   * Gives a generic secret a new version.
   * @throws EmulatorError when there is no such secret, or it is a managed RAM credential
   */
  putSecretValue(name: string, secretData: string): GenericSecretInfo {
    const secret = this.#cloud.registry.secret(name);
    if (secret.type === 'ram')
      throw new EmulatorError(`'${name}' is a managed RAM credential: use rotate().`);
    this.#cloud.registry.addVersion(secret, { secretData });
    return genericSecretInfo(secret);
  }

  /**
   * Makes KMS refuse everybody who asks for a secret, with 403 Forbidden.NoPermission.
   * @throws EmulatorError when there is no such secret
   */
  denySecret(name: string): void {
    this.#cloud.registry.secret(name).isDenied = true;
  }

  /**
   * Makes KMS answer a denied secret again.
   * @throws EmulatorError when there is no such secret
   */
  allowSecret(name: string): void {
    this.#cloud.registry.secret(name).isDenied = false;
  }

  /**
   * Makes the services refuse an AccessKey from now on, as deleted or as disabled.
   * @throws EmulatorError when there is no such key
   */
  revoke(accessKeyId: string, options: RevocationOptions = {}): void {
    this.#cloud.registry.setState(accessKeyId, options.reason ?? 'notFound');
  }

  /**
   * Makes the services accept a revoked AccessKey again.
   * @throws EmulatorError when there is no such key
   */
  restore(accessKeyId: string): void {
    this.#cloud.registry.setState(accessKeyId, 'active');
  }

  /**
   * Hands out a temporary AccessKey of the cloud's RAM role, without a call to STS. Every service accepts it, with
   * its token, until it expires.
   * @param sessionMs for how long
   */
  assumeRole(sessionMs = 3_600_000): TemporaryCredentials {
    const { registry, role } = this.#cloud;
    return temporaryCredentials(registry.addTemporaryKey(role.name, 'emulator', sessionMs));
  }

  #rotate(name: string, details: EmergencyRotationOptions, keysLeft: number): RamSecretInfo {
    const { registry } = this.#cloud;
    const secret = registry.secret(name);
    // Describing the old version first refuses a generic secret before anything has changed.
    ramSecretInfo(secret);
    registry.addVersion(secret, details);
    registry.revokeAllBut(secret, keysLeft);
    return ramSecretInfo(secret);
  }
}
