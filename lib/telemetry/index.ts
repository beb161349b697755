export { ManagedCredentialsTelemetry } from './managed-credentials.telemetry.js';
export { ATTRIBUTES, METRICS, SCOPE_NAME } from './metric-names.js';
