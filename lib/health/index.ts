export { ManagedCredentialsHealthIndicator } from './managed-credentials.health.js';

export type { CredentialsHealthOptions } from './managed-credentials.health.js';
