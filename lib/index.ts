/**
 * The module, its clients of the first-generation SDKs, and its services.
 *
 * @module nestjs-aliyun-managed-credentials
 */

export { acsClient } from './clients/acs/acs-client.js';
export { ProxyAcsClient } from './clients/acs/proxy-acs-client.js';
export {
  DEFAULT_EXPIRED_KEY_CODES,
  ErrorCodeAkExpireHandler,
  sdkErrorCode,
} from './clients/ak-expire-handler.js';
export {
  getAcsClientToken,
  getOssClientToken,
  getOssClusterClientToken,
  getOssImageClientToken,
  getOssStsClientToken,
  getRoaClientToken,
} from './clients/client-token.js';
export { InvalidClientOptionsError } from './clients/invalid-client-options-error.js';
export { managedClient } from './clients/managed-client.js';
export { ossClient, ossClusterClient, ossImageClient, ossStsClient } from './clients/oss/oss-client.js';
export { ProxyOssClient } from './clients/oss/proxy-oss-client.js';
export { ProxyOssClusterClient } from './clients/oss/proxy-oss-cluster-client.js';
export { ProxyOssImageClient } from './clients/oss/proxy-oss-image-client.js';
export { ProxyOssStsClient } from './clients/oss/proxy-oss-sts-client.js';
export { ProxyRoaClient } from './clients/roa/proxy-roa-client.js';
export { roaClient } from './clients/roa/roa-client.js';
export { withManagedKey } from './clients/with-managed-key.js';
export { ConfigurationError } from './config/configuration-error.js';
export { propertiesFile } from './config/properties-file.js';
export { ClosedError, InvalidSecretError, ManagedCredentialsError, NotReadyError } from './core/errors.js';
export { ManagedCredentials } from './core/managed-credentials.js';
export { KmsError } from './kms/kms-error.js';
export {
  InjectAcsClient,
  InjectManagedClient,
  InjectOssClient,
  InjectOssClusterClient,
  InjectOssImageClient,
  InjectOssStsClient,
  InjectRoaClient,
} from './managed-credentials.decorators.js';
export { ManagedCredentialsModule } from './managed-credentials.module.js';
export { ManagedCredentialsService } from './managed-credentials.service.js';
export { AK_EXPIRE_HANDLER, SECRET_NAME_RESOLVER, SECRET_RECOVERY } from './managed-credentials.tokens.js';
export { SecretRefreshService } from './secret-refresh.service.js';
export { StartupError } from './start-up.js';

export type {
  RoaRequestOptions,
  RpcCredentials,
  RpcCredentialsProvider,
  RpcRequestOptions,
} from './clients/acs/pop-core.js';
export type { AcsClientOptions } from './clients/acs/proxy-acs-client.js';
export type { AkExpireContext, AkExpireHandler } from './clients/ak-expire-handler.js';
export type { CredentialsProvider } from './clients/credentials-provider.js';
export type {
  AkExpireHandlerOption,
  CommonClientOptions,
  ManagedClientContext,
  ManagedClientDefinition,
  OptionsFactory,
  OptionsOrFactory,
} from './clients/managed-client-definition.js';
export type { Injectables, InjectedValue, InjectedValues } from './clients/injected-values.js';
export type { ManagedCallOptions } from './clients/expired-key-retry.js';
export type { ManagedClientOptions } from './clients/managed-client.js';
export type { OssOptions, OssRequestParams, OssResult, OssStsOptions } from './clients/oss/ali-oss.js';
export type { OssClientOptions } from './clients/oss/proxy-oss-client.js';
export type { OssClusterClientOptions } from './clients/oss/proxy-oss-cluster-client.js';
export type { OssImageClientOptions } from './clients/oss/proxy-oss-image-client.js';
export type { OssStsClientOptions } from './clients/oss/proxy-oss-sts-client.js';
export type { RoaClientOptions } from './clients/roa/proxy-roa-client.js';
export type { AsyncMethod, ManagedKeyOptions } from './clients/with-managed-key.js';
export type { ConfigurationProblem } from './config/configuration-error.js';
export type { RamCredentials, RamCredentialsProvider } from './config/ram-credentials-provider.js';
export type * from './core/events.js';
export type { ManagedCredentialsErrorDetails } from './core/errors.js';
export type { ManagedCredentialsFields } from './core/managed-credentials.js';
export type { SecretState } from './core/managed-secret.js';
export type { KmsErrorDetails } from './kms/kms-error.js';
export type { RefreshTimes } from './core/refresh-policy.js';
export type {
  ManagedCredentialsModuleExtras,
  ManagedCredentialsModuleOptions,
  ManagedCredentialsOptionsFactory,
} from './managed-credentials.options.js';
export type { CacheKeyMaterial } from './file-cache/cache-key.js';
export type { FileCacheOptions } from './file-cache/encrypted-file-cache.js';
export type { SecretNameResolver } from './secret-name-resolver.js';
export type { RecoveredSecret, SecretRecovery } from './secret-recovery.js';
export type { SecretStatus } from './managed-credentials.service.js';
export type {
  AccessKeyCredentials,
  AccessKeyFields,
  AccessTokenCredentials,
  ClientKeyCredentials,
  DedicatedKmsOptions,
  EcsRoleCredentials,
  KmsCredentialsOptions,
  KmsOptions,
  KmsRegionOptions,
  OidcRoleCredentials,
  RoleCredentials,
  RoleSessionFields,
} from './kms-options.js';
