/**
 * A health indicator for @nestjs/terminus.
 *
 * @module nestjs-aliyun-managed-credentials/terminus
 */

export { ManagedCredentialsHealthIndicator } from './managed-credentials.health.js';

export type { CredentialsHealthOptions } from './managed-credentials.health.js';
