/**
 * A small Alibaba Cloud on loopback, for tests and development.
 *
 * @module nestjs-aliyun-managed-credentials/testing
 */

export { AdminServer } from './admin/admin-server.js';
export { AlibabaCloudEmulator } from './alibaba-cloud-emulator.js';
export { EmulatorError } from './emulator-error.js';
export { EMULATOR_TARGETS } from './emulator-target.js';
export { ServiceError } from './http/service-error.js';
export { ActionAnswer } from './openapi/action-answer.js';
export type { AdminServerOptions } from './admin/admin-server.js';
export type { AppEnvironment, KmsCredentialsType, SharedKmsEnvOptions } from './app-environment.js';
export type { RevocationReason } from './cloud/access-key.js';
export type { SecretOptions } from './cloud/managed-secret.js';
export type { RamRole, TemporaryCredentials } from './cloud/ram-role.js';
export type { KmsLag } from './cloud/secret-version.js';
export type { GenericSecretInfo, RamSecretInfo } from './cloud/secret-info.js';
export type { CertificateInfo, ClientKeyInfo, OidcInfo } from './emulator-info.js';
export type {
  AlibabaCloudEmulatorOptions,
  EmergencyRotationOptions,
  RevocationOptions,
  RotationOptions,
} from './emulator-options.js';
export type { EmulatedRegion, EmulatorEndpoints } from './emulator-servers.js';
export type { EmulatorTarget } from './emulator-target.js';
export type { FaultHandle } from './faults/fault-injector.js';
export type {
  DelayFault,
  DocumentedFault,
  DropFault,
  Fault,
  FaultConditions,
  FaultShorthand,
  GarbageFault,
  HangFault,
  HttpFault,
  RefuseFault,
  TruncateFault,
} from './faults/fault.js';
export type { RecordedRequest } from './http/recorded-request.js';
export type { RequestListener } from './http/request-listeners.js';
export type { ThrottleOptions } from './kms/rate-limit.js';
export type { ActionContext, ActionHandler } from './openapi/openapi-actions.js';
export type { RetentionPolicy } from './oss/bucket.js';
export type { BucketContent, PartInfo, UploadInfo } from './oss/bucket-content.js';
export type { ObjectAcl, StoredObject } from './oss/stored-object.js';
export type { CertifiedKey } from './pki/certificate.js';
export type { Pkcs12Form } from './pki/pkcs12.js';
export type { EmulatedRegionOptions } from './region-options.js';
