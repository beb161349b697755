import {
  dedicatedKmsEnvironment,
  sharedKmsEnvironment,
  type AppEnvironment,
  type SharedKmsEnvOptions,
} from './app-environment.js';
import type { RamRole } from './cloud/ram-role.js';
import { CloudControls } from './cloud-controls.js';
import { createEmulatedCloud, type EmulatedCloud } from './emulated-cloud.js';
import { assertEndpointVariables, endpointEnvironment } from './endpoint-variables.js';
import type { CertificateInfo, ClientKeyInfo, OidcInfo } from './emulator-info.js';
import type { AlibabaCloudEmulatorOptions } from './emulator-options.js';
import { EmulatorServers, type EmulatedRegion, type EmulatorEndpoints } from './emulator-servers.js';

/**
 * A small Alibaba Cloud on loopback: dedicated KMS, the shared KMS API, an OpenAPI gateway, OSS, STS and the metadata
 * server of an ECS instance. It verifies every signature and knows which AccessKeys are good.
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
export class AlibabaCloudEmulator extends CloudControls {
  /** The URL of each service. */
  readonly endpoints: EmulatorEndpoints;
  /** The KMS of each region, the main one first. */
  readonly regions: readonly EmulatedRegion[];
  /**
   * What an app must have in its environment to take its secrets from the dedicated KMS of the main region, and its
   * `endpointVariables`.
   */
  readonly env: AppEnvironment;
  /** The client key that dedicated KMS accepts. */
  readonly clientKey: ClientKeyInfo;
  /** What TLS clients must trust. */
  readonly certificates: CertificateInfo;
  /** The AccessKey of the RAM user who may read secrets through `endpoints.kms`. */
  readonly kmsIdentity: { readonly accessKeyId: string; readonly accessKeySecret: string };
  /** The RAM role that `kmsIdentity` may assume; whoever plays it may read secrets and call every other service. */
  readonly role: RamRole;
  /** What AssumeRoleWithOIDC of `endpoints.sts` accepts. */
  readonly oidc: OidcInfo;

  readonly #cloud: EmulatedCloud;
  readonly #servers: EmulatorServers;
  readonly #endpointEnv: AppEnvironment;
  #stopped: Promise<void> | undefined;

  private constructor(cloud: EmulatedCloud, servers: EmulatorServers, options: AlibabaCloudEmulatorOptions) {
    super(cloud);
    this.#cloud = cloud;
    this.#servers = servers;
    const { files, clientKey, tls, kmsIdentity } = cloud;
    const { keyId, json, password } = clientKey;
    const { accessKeyId, accessKeySecret } = kmsIdentity;
    this.endpoints = servers.endpoints;
    this.regions = servers.regions;
    this.#endpointEnv = endpointEnvironment(options.endpointVariables ?? {}, servers.endpoints);
    this.env = this.#withEndpoints(dedicatedKmsEnvironment(servers.regions.slice(0, 1), files));
    this.clientKey = Object.freeze({
      keyId,
      json,
      password,
      file: files.clientKeyFile,
      passwordFile: files.passwordFile,
    });
    this.certificates = Object.freeze({ ca: tls.ca, caFile: files.caFile });
    this.kmsIdentity = Object.freeze({ accessKeyId, accessKeySecret });
    this.role = cloud.role;
    const { token, providerArn, roleArn } = cloud.oidc;
    this.oidc = Object.freeze({ token, tokenFile: files.oidcTokenFile, providerArn, roleArn });
  }

  /**
   * Starts a cloud of its own on free ports; it shares nothing with others in the same process.
   * @throws EmulatorError when the options cannot be met
   */
  static async start(options: AlibabaCloudEmulatorOptions = {}): Promise<AlibabaCloudEmulator> {
    assertEndpointVariables(options.endpointVariables ?? {});
    const cloud = await createEmulatedCloud(options);
    try {
      return new AlibabaCloudEmulator(cloud, await EmulatorServers.start(cloud, options), options);
    } catch (error) {
      await cloud.files.remove();
      throw error;
    }
  }

  /** What an app must have in its environment to take its secrets from the dedicated KMS of every region. */
  dedicatedKmsEnv(): AppEnvironment {
    return this.#withEndpoints(dedicatedKmsEnvironment(this.regions, this.#cloud.files));
  }

  /** What an app must have in its environment to take its secrets from the shared KMS of every region. */
  sharedKmsEnv(options: SharedKmsEnvOptions = {}): AppEnvironment {
    return this.#withEndpoints(sharedKmsEnvironment(this.#servers, this.#cloud, options));
  }

  /** Stops all servers, closes every connection at once and removes the files; may be called again. */
  stop(): Promise<void> {
    this.#stopped ??= this.#servers.stop().then(() => this.#cloud.files.remove());
    return this.#stopped;
  }

  #withEndpoints(env: AppEnvironment): AppEnvironment {
    return Object.freeze({ ...env, ...this.#endpointEnv });
  }
}
