import type { AccessKey } from './cloud/access-key.js';
import { AccessKeyRegistry } from './cloud/access-key-registry.js';
import { ramRole, type RamRole } from './cloud/ram-role.js';
import { EmulatorError } from './emulator-error.js';
import type { AlibabaCloudEmulatorOptions } from './emulator-options.js';
import { FaultInjector } from './faults/fault-injector.js';
import { Refusals } from './faults/refusals.js';
import { RequestListeners } from './http/request-listeners.js';
import { RequestLog } from './http/request-log.js';
import { OpenApiActions } from './openapi/openapi-actions.js';
import { MultipartUploads } from './oss/multipart-uploads.js';
import { ObjectStore } from './oss/object-store.js';
import { newClientKey, readClientKey, type ClientKey } from './pki/client-key.js';
import { CredentialFiles } from './pki/credential-files.js';
import { newTlsIdentity, type TlsIdentity } from './pki/tls-identity.js';
import { allRegions, type EmulatedRegionOptions } from './region-options.js';
import { newOidcIdentity, type OidcIdentity } from './sts/oidc-identity.js';

const LOG_LIMIT = 200_000;
const LOOPBACK = ['localhost', '127.0.0.1', '::1'] as const;

/** Everything that the gateways of one emulator work on; no sockets yet. */
export interface EmulatedCloud {
  readonly accountId: string;
  /** The main region. */
  readonly regionId: string;
  /** All regions, the main one first. */
  readonly regions: readonly EmulatedRegionOptions[];
  readonly now: () => number;
  readonly log: RequestLog;
  readonly listeners: RequestListeners;
  readonly faults: FaultInjector;
  readonly refusals: Refusals;
  readonly registry: AccessKeyRegistry;
  readonly actions: OpenApiActions;
  readonly objects: ObjectStore;
  readonly uploads: MultipartUploads;
  readonly clientKey: ClientKey;
  readonly tls: TlsIdentity;
  readonly files: CredentialFiles;
  /** The RAM user who may read secrets through the shared KMS API. */
  readonly kmsIdentity: AccessKey;
  /** The RAM role that may read secrets, too. */
  readonly role: RamRole;
  /** Who may assume that role without an AccessKey. */
  readonly oidc: OidcIdentity;
}

/**
 * Makes the keys, the certificates and the files of a new cloud.
 * @throws EmulatorError when the options cannot be met
 */
export async function createEmulatedCloud(options: AlibabaCloudEmulatorOptions): Promise<EmulatedCloud> {
  // Looked up at every call, so that a test's fake clock is seen.
  const now = options.now ?? (() => Date.now());
  const registry = new AccessKeyRegistry(now);
  const { regionId = 'cn-hangzhou', accountId = '1234567890123456' } = options;
  const role = ramRole(accountId, 'kms-reader');
  const instant = {
    accountId,
    regionId,
    regions: allRegions(regionId, options.regions),
    now,
    log: new RequestLog(options.requestLogLimit ?? LOG_LIMIT),
    listeners: new RequestListeners(),
    faults: new FaultInjector(),
    refusals: new Refusals(),
    registry,
    actions: new OpenApiActions(),
    objects: new ObjectStore(now),
    uploads: new MultipartUploads(now),
    kmsIdentity: registry.addIdentity('kms-reader'),
    role,
    oidc: newOidcIdentity(accountId, role.arn, now()),
  };
  for (const name of options.secrets ?? []) registry.createSecret(name, {});
  const hosts = [...new Set([...LOOPBACK, ...(options.host === undefined ? [] : [options.host])])];
  const [clientKey, tls] = await Promise.all([
    clientKeyFor(options),
    newTlsIdentity(hosts, options.certificateAuthority),
  ]);
  const { json, password } = clientKey;
  const files = await CredentialFiles.write({
    clientKey: json,
    password,
    ca: tls.ca,
    oidcToken: instant.oidc.token,
  });
  return { ...instant, clientKey, tls, files };
}

async function clientKeyFor(options: AlibabaCloudEmulatorOptions): Promise<ClientKey> {
  if (options.clientKey === undefined) return newClientKey(options.clientKeyForm ?? 'legacy');
  if (options.password === undefined)
    throw new EmulatorError('The option clientKey needs the option password.');
  return readClientKey(options.clientKey, options.password);
}
