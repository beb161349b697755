import type { AccessKeyRegistry } from '../cloud/access-key-registry.js';
import { toUtcSeconds } from '../cloud/identifiers.js';
import type { ManagedSecret } from '../cloud/managed-secret.js';
import type { SecretVersion } from '../cloud/secret-version.js';
import { ServiceError } from '../http/service-error.js';

const CURRENT = 'ACSCurrent';
const PREVIOUS = 'ACSPrevious';

/** What a GetSecretValue call asks for; empty strings stand for what it leaves out. */
export interface SecretValueQuery {
  readonly secretName: string;
  readonly versionStage: string;
  readonly versionId: string;
  readonly fetchExtendedConfig: boolean;
}

/** What GetSecretValue answers, in the names of the KMS API; a field that KMS would leave out is absent. */
export interface SecretValue {
  readonly SecretName: string;
  readonly SecretType: string;
  readonly SecretData: string;
  readonly SecretDataType: string;
  readonly VersionStages: readonly string[];
  readonly VersionId: string;
  readonly CreateTime: string;
  readonly LastRotationDate?: string;
  readonly NextRotationDate?: string;
  readonly ExtendedConfig?: string;
  readonly AutomaticRotation?: string;
  readonly RotationInterval?: string;
}

/** GetSecretValue in one region, as both faces of KMS know it. */
export class SecretValueReader {
  constructor(
    private readonly registry: AccessKeyRegistry,
    private readonly regionId: string,
    private readonly now: () => number,
  ) {}

  /** @throws ServiceError 404 when the secret or the version is not there, 403 when it may not be read */
  read(query: SecretValueQuery): SecretValue {
    const secret = this.registry.findSecret(query.secretName);
    if (secret?.isDenied) {
      throw new ServiceError(
        403,
        'Forbidden.NoPermission',
        'This operation is forbidden by permission system.',
      );
    }
    const found = secret && findVersion(secret.known(this.now(), this.regionId), query);
    if (!found) throw new ServiceError(404, 'Forbidden.ResourceNotFound', 'Resource not found.');
    const [version, stages] = found;
    return {
      SecretName: secret.name,
      SecretType: secret.type === 'ram' ? 'RAMCredentials' : 'Generic',
      SecretData: version.secretData,
      SecretDataType: 'text',
      VersionStages: stages,
      VersionId: version.versionId,
      CreateTime: toUtcSeconds(version.createdAt),
      ...rotationOf(secret, version),
      ...(query.fetchExtendedConfig && secret.type === 'ram'
        ? { ExtendedConfig: extendedConfig(secret) }
        : {}),
    };
  }
}

function findVersion(
  known: readonly SecretVersion[],
  query: SecretValueQuery,
): readonly [SecretVersion, readonly string[]] | undefined {
  const stagesOf = (index: number): readonly string[] =>
    index === known.length - 1 ? [CURRENT] : index === known.length - 2 ? [PREVIOUS] : [];
  const stage = query.versionStage || (query.versionId ? '' : CURRENT);
  const index = query.versionId
    ? known.findIndex(({ versionId }) => versionId === query.versionId)
    : known.length - (stage === CURRENT ? 1 : 2);
  const version = known[index];
  const stages = stagesOf(index);
  return version && (stage === '' || stages.includes(stage)) ? [version, stages] : undefined;
}

function rotationOf(secret: ManagedSecret, version: SecretVersion): Partial<SecretValue> {
  if (secret.type === 'generic') return {};
  if (!secret.automaticRotation || version.nextRotationAt === undefined)
    return { AutomaticRotation: 'Disabled' };
  return {
    AutomaticRotation: 'Enabled',
    RotationInterval: `${Math.round(secret.rotationIntervalMs / 1000)}s`,
    LastRotationDate: toUtcSeconds(version.createdAt),
    NextRotationDate: toUtcSeconds(version.nextRotationAt),
  };
}

function extendedConfig(secret: ManagedSecret): string {
  return JSON.stringify({ SecretSubType: 'RamUserAccessKey', UserName: secret.userName });
}
