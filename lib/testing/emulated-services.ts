import type { AccessKey } from './cloud/access-key.js';
import type { EmulatedCloud } from './emulated-cloud.js';
import type { AlibabaCloudEmulatorOptions } from './emulator-options.js';
import type { EmulatorTarget } from './emulator-target.js';
import type { Gateway } from './http/gateway.js';
import { DedicatedKmsGateway } from './kms/dedicated/dedicated-kms-gateway.js';
import { RequestVerifier } from './kms/dedicated/request-verifier.js';
import { RateLimit, type ThrottleOptions } from './kms/rate-limit.js';
import { SecretValueReader } from './kms/secret-value.js';
import { ClientKeyAuthenticator } from './kms/shared/client-key-authenticator.js';
import { SharedKmsAccess } from './kms/shared/shared-kms-access.js';
import { SharedKmsGateway } from './kms/shared/shared-kms-gateway.js';
import { InstanceCredentials } from './metadata/instance-credentials.js';
import { MetadataGateway } from './metadata/metadata-gateway.js';
import { MetadataTokens } from './metadata/metadata-tokens.js';
import { OpenApiGateway } from './openapi/openapi-gateway.js';
import { OssAuthenticator } from './oss/oss-authenticator.js';
import { OssGateway } from './oss/oss-gateway.js';
import { OSS_OPERATIONS } from './oss/oss-operations.js';
import { OssRouter } from './oss/oss-router.js';
import { OSS_SIGNATURE_SCHEMES } from './oss/signatures/signature-schemes.js';
import { CallAuthenticator } from './pop/call-authenticator.js';
import { ReplayGuard } from './pop/replay-guard.js';
import type { EmulatedRegionOptions } from './region-options.js';
import { SlsGateway } from './sls/sls-gateway.js';
import { OidcSignIn } from './sts/oidc-sign-in.js';
import { RoleSessions } from './sts/role-sessions.js';
import { StsGateway } from './sts/sts-gateway.js';

/** One gateway and how it is served. */
export interface EmulatedService {
  readonly gateway: Gateway<unknown>;
  /** Whether it speaks TLS. */
  readonly secure: boolean;
  readonly latencyMs: number;
  /** Absent for a service that is the same for all regions. */
  readonly regionId?: string;
}

/** Every service of a cloud: KMS in each region, and what there is once. */
export function createServices(
  cloud: EmulatedCloud,
  options: AlibabaCloudEmulatorOptions,
): readonly EmulatedService[] {
  const { latencyMs = 0 } = options;
  const latencyOf = (target: EmulatorTarget): number =>
    typeof latencyMs === 'number' ? latencyMs : (latencyMs[target] ?? 0);
  const served = (gateway: Gateway<unknown>, secure = false): EmulatedService => ({
    gateway,
    secure,
    latencyMs: latencyOf(gateway.target),
  });
  const sessions = new RoleSessions(cloud.registry, cloud.role, options.sts?.sessionMs);
  const ofRegion = (region: EmulatedRegionOptions): readonly EmulatedService[] =>
    kmsGateways(cloud, region.regionId, region.throttle ?? options.throttle).map((gateway) => ({
      gateway,
      secure: true,
      latencyMs: region.latencyMs ?? latencyOf(gateway.target),
      regionId: region.regionId,
    }));
  return [
    ...cloud.regions.flatMap(ofRegion),
    served(openApiGateway(cloud)),
    served(ossGateway(cloud, options.oss?.headErrorHeader ?? true)),
    served(stsGateway(cloud, sessions, options.sts?.trustedSecrets ?? []), true),
    served(metadataGateway(cloud, sessions, options.metadata?.tokenRequired ?? false)),
    served(new SlsGateway(cloud.registry, cloud.actions, cloud.accountId, cloud.now)),
  ];
}

function kmsGateways(
  { registry, now, clientKey: { keyId, publicKey }, kmsIdentity }: EmulatedCloud,
  regionId: string,
  throttle: ThrottleOptions | undefined,
): readonly Gateway<unknown>[] {
  const secrets = new SecretValueReader(registry, regionId, now);
  const quota = (): RateLimit | undefined => throttle && new RateLimit(throttle, now);
  const guard = new ReplayGuard(now);
  const access = new SharedKmsAccess(
    new CallAuthenticator(registry, guard),
    new ClientKeyAuthenticator(keyId, publicKey, guard),
    kmsIdentity,
  );
  return [
    new DedicatedKmsGateway(new RequestVerifier(keyId, publicKey, now), secrets, quota()),
    new SharedKmsGateway(access, secrets, quota()),
  ];
}

function openApiGateway({ registry, now, actions, accountId }: EmulatedCloud): Gateway<unknown> {
  const authenticator = new CallAuthenticator(registry, new ReplayGuard(now));
  return new OpenApiGateway(registry, authenticator, actions, accountId);
}

function stsGateway(
  { registry, now, oidc, kmsIdentity }: EmulatedCloud,
  sessions: RoleSessions,
  trustedSecrets: readonly string[],
): Gateway<unknown> {
  const guard = new ReplayGuard(now);
  const authenticator = new CallAuthenticator(registry, guard);
  const trusts = (key: AccessKey): boolean =>
    key === kmsIdentity || trustedSecrets.includes(key.owner?.secretName ?? '');
  return new StsGateway(registry, authenticator, sessions, new OidcSignIn(oidc, guard, now), trusts);
}

function metadataGateway(
  { role, now }: EmulatedCloud,
  sessions: RoleSessions,
  tokenRequired: boolean,
): Gateway<unknown> {
  const credentials = new InstanceCredentials(sessions, now);
  return new MetadataGateway(role.name, credentials, new MetadataTokens(now), tokenRequired);
}

function ossGateway(cloud: EmulatedCloud, headErrorHeader: boolean): Gateway<unknown> {
  const { registry, now, objects, uploads, accountId, regionId } = cloud;
  return new OssGateway(
    new OssAuthenticator(registry, OSS_SIGNATURE_SCHEMES, now),
    new OssRouter(OSS_OPERATIONS),
    objects,
    uploads,
    { accountId, regionId, headErrorHeader, now },
  );
}
