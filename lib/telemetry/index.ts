/**
 * Metrics and spans for OpenTelemetry.
 *
 * @module nestjs-aliyun-managed-credentials/opentelemetry
 */

export { ManagedCredentialsTelemetry, TELEMETRY_ATTRIBUTES } from './managed-credentials.telemetry.js';
export { ATTRIBUTES, METRICS, SCOPE_NAME, SPANS } from './metric-names.js';

export type { MetricDescription } from './metric-names.js';
