import type { SecretOptions } from './cloud/managed-secret.js';
import {
  genericSecretInfo,
  ramSecretInfo,
  type GenericSecretInfo,
  type RamSecretInfo,
} from './cloud/secret-info.js';
import { createEmulatedCloud, environmentFor, type EmulatedCloud } from './emulated-cloud.js';
import { EmulatorError } from './emulator-error.js';
import type { CertificateInfo, ClientKeyInfo } from './emulator-info.js';
import type {
  AlibabaCloudEmulatorOptions,
  EmergencyRotationOptions,
  RevocationOptions,
  RotationOptions,
} from './emulator-options.js';
import { EmulatorServers, type EmulatorEndpoints } from './emulator-servers.js';
import { assertTarget, type EmulatorTarget } from './emulator-target.js';
import { toTypedFault, type Fault, type FaultShorthand } from './faults/fault.js';
import type { FaultHandle } from './faults/fault-injector.js';
import type { RecordedRequest } from './http/recorded-request.js';
import type { ActionHandler } from './openapi/openapi-actions.js';
import type { StoredObject } from './oss/object-store.js';

/**
 * A small Alibaba Cloud on loopback: dedicated KMS, the shared KMS API, an OpenAPI gateway and OSS. It verifies
 * every signature and knows which AccessKeys are good.
 *
 * ```ts
 * const cloud = await AlibabaCloudEmulator.start({ secrets: ['oss-writer'] });
 * Object.assign(process.env, cloud.env);
 * // … start the app, with cloud.endpoints.oss as the endpoint of its OSS client
 * cloud.emergencyRotate('oss-writer', { kmsLagMs: 300 });
 * // … no call of the app may fail now
 * await cloud.stop();
 * ```
 */
export class AlibabaCloudEmulator {
  /** The URL of each service. */
  readonly endpoints: EmulatorEndpoints;
  /** What an app must have in its environment to take its secrets from here. */
  readonly env: Readonly<Record<string, string>>;
  /** The client key that dedicated KMS accepts. */
  readonly clientKey: ClientKeyInfo;
  /** What TLS clients must trust. */
  readonly certificates: CertificateInfo;
  /** The AccessKey of the RAM user who may read secrets through `endpoints.kms`. */
  readonly kmsIdentity: { readonly accessKeyId: string; readonly accessKeySecret: string };

  readonly #cloud: EmulatedCloud;
  readonly #servers: EmulatorServers;
  #stopped: Promise<void> | undefined;

  private constructor(cloud: EmulatedCloud, servers: EmulatorServers) {
    this.#cloud = cloud;
    this.#servers = servers;
    const { files, clientKey, tls, kmsIdentity } = cloud;
    const { keyId, json, password } = clientKey;
    const { accessKeyId, accessKeySecret } = kmsIdentity;
    this.endpoints = servers.endpoints;
    this.env = environmentFor(cloud, servers.endpoints.dedicatedKms);
    this.clientKey = Object.freeze({
      keyId,
      json,
      password,
      file: files.clientKeyFile,
      passwordFile: files.passwordFile,
    });
    this.certificates = Object.freeze({ ca: tls.ca, caFile: files.caFile });
    this.kmsIdentity = Object.freeze({ accessKeyId, accessKeySecret });
  }

  /**
   * Starts a cloud of its own on free ports; it shares nothing with others in the same process.
   * @throws EmulatorError when the options cannot be met
   */
  static async start(options: AlibabaCloudEmulatorOptions = {}): Promise<AlibabaCloudEmulator> {
    const cloud = await createEmulatedCloud(options);
    try {
      return new AlibabaCloudEmulator(cloud, await EmulatorServers.start(cloud, options));
    } catch (error) {
      await cloud.files.remove();
      throw error;
    }
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
   * @throws EmulatorError when there is no such secret, or it is a generic one
   */
  emergencyRotate(name: string, options: EmergencyRotationOptions = {}): RamSecretInfo {
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
   * Makes the next `times` requests to a service go wrong; `Infinity` until the fault is cleared. Of several
   * faults that fit a request, the one planted first strikes.
   * @throws EmulatorError for an unknown target, or something that is no fault
   */
  fail(target: EmulatorTarget, fault: Fault, times?: number): FaultHandle;
  // An overload of its own: beside strings, TypeScript would take `match` of a fault for String's method.
  fail(target: EmulatorTarget, fault: Fault | FaultShorthand, times?: number): FaultHandle;
  fail(target: EmulatorTarget, fault: Fault | FaultShorthand, times = 1): FaultHandle {
    assertTarget(target);
    return this.#cloud.faults.plant(target, toTypedFault(fault), times);
  }

  /** Takes the faults of one service away, or all faults. */
  clearFaults(target?: EmulatorTarget): void {
    if (target !== undefined) assertTarget(target);
    this.#cloud.faults.clear(target);
  }

  /** The requests that one service got, or all of them, oldest first: immutable copies. */
  requests(target?: EmulatorTarget): readonly RecordedRequest[] {
    if (target !== undefined) assertTarget(target);
    return this.#cloud.log.list(target);
  }

  /** Forgets all recorded requests. */
  clearRequests(): void {
    this.#cloud.log.clear();
  }

  /**
   * Answers an action of the OpenAPI gateway from now on; actions that nobody answers are echoed.
   * @param action an RPC action, or in ROA style a method and a path such as `GET /clusters`
   */
  onAction(action: string, handler: ActionHandler): void {
    this.#cloud.actions.register(action, handler);
  }

  /** An object in OSS, or undefined. */
  object(bucket: string, name: string): StoredObject | undefined {
    const object = this.#cloud.objects.get(bucket, name);
    return object && Object.freeze({ ...object, body: Buffer.from(object.body) });
  }

  /** Puts an object into OSS, without a call. */
  putObject(
    bucket: string,
    name: string,
    body: Buffer | string,
    headers: Record<string, string> = {},
  ): StoredObject {
    return this.#cloud.objects.put(bucket, name, { body: Buffer.from(body), headers });
  }

  /** Stops all servers, closes every connection at once and removes the files; may be called again. */
  stop(): Promise<void> {
    this.#stopped ??= this.#servers.stop().then(() => this.#cloud.files.remove());
    return this.#stopped;
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
