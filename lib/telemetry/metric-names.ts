/** The name of the meter and the tracer. */
export const SCOPE_NAME = 'nestjs-aliyun-managed-credentials';

/** What OpenTelemetry is told of a metric. */
export interface MetricDescription {
  /** Stable: dashboards and alerts depend on it. */
  readonly name: string;
  /** In UCUM; stable too. */
  readonly unit: string;
  /** What is measured. */
  readonly description: string;
}

/** The metrics, with their units. Names and units are stable: dashboards and alerts depend on them. */
export const METRICS = {
  /** Counter of fetches of a secret. Attributes: secret, outcome (`ok` or an error code), reason. */
  refreshes: metric('managed_credentials.refreshes', '{refresh}', 'Fetches of a secret'),
  /** Histogram. Attributes: endpoint, outcome (`ok`, `aborted` or an error code). */
  kmsRequestDuration: metric(
    'managed_credentials.kms.request.duration',
    's',
    'Duration of a request to one KMS endpoint',
  ),
  /** Counter. Attributes: secret, sdk. */
  expiredKeyRetries: metric(
    'managed_credentials.expired_key.retries',
    '{call}',
    'Calls sent again because their key had expired',
  ),
  /** Counter. Attributes: secret. */
  versionChanges: metric(
    'managed_credentials.version.changes',
    '{version}',
    'Keys replaced by another version',
  ),
  /** Counter. Attributes: secret. */
  keysNotReplaced: metric(
    'managed_credentials.expired_key.not_replaced',
    '{key}',
    'Refused keys for which KMS offered no other version in time',
  ),
  /** Gauge. Attributes: secret. */
  waiters: metric(
    'managed_credentials.expired_key.waiters',
    '{call}',
    'Calls that wait for the successor of a refused key',
  ),
  /** Gauge. Attributes: secret. 0 while KMS confirms the key. */
  staleTime: metric(
    'managed_credentials.stale.time',
    's',
    'Time since KMS last confirmed a key that it cannot confirm now',
  ),
  /** Gauge. Attributes: secret. */
  nextRefresh: metric('managed_credentials.next_refresh.time', 's', 'Time until the next planned fetch'),
  /** Gauge. Attributes: secret, state. 1 for the state a secret is in. */
  state: metric('managed_credentials.secret.state', '1', 'State of a secret'),
} as const;

/** The attributes of metrics and spans. No attribute holds a secret or a key id. */
export const ATTRIBUTES = {
  /** The name of the secret, as the application uses it. */
  secret: 'managed_credentials.secret',
  /** `ok`, `aborted` or an error code. */
  outcome: 'managed_credentials.outcome',
  /** Why a secret was fetched: a `RefreshReason`. */
  reason: 'managed_credentials.reason',
  /** Host of the KMS endpoint. */
  endpoint: 'server.address',
  /** The SDK that made a call: `acs`, `roa`, `oss`, `openapi` or the name a definition gave. */
  sdk: 'managed_credentials.sdk',
  /** A `SecretState`. */
  state: 'managed_credentials.state',
  /** The request id that KMS answered. */
  requestId: 'aliyun.request_id',
  /** The version of the secret, as KMS names it. */
  version: 'managed_credentials.version',
} as const;

function metric(name: string, unit: string, description: string): MetricDescription {
  return { name, unit, description };
}
