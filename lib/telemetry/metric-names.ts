/** The name of the meter and the tracer. */
export const SCOPE_NAME = 'nestjs-aliyun-managed-credentials';

/** The metrics, with their units. Names and units are stable: dashboards and alerts depend on them. */
export const METRICS = {
  /** Counter of fetches of a secret. Attributes: secret, outcome (`ok` or an error code), reason. */
  refreshes: { name: 'managed_credentials.refreshes', unit: '{refresh}', description: 'Fetches of a secret' },
  /** Histogram. Attributes: endpoint, outcome (`ok`, `aborted` or an error code). */
  kmsRequestDuration: {
    name: 'managed_credentials.kms.request.duration',
    unit: 's',
    description: 'Duration of a request to one KMS endpoint',
  },
  /** Counter. Attributes: secret, sdk. */
  expiredKeyRetries: {
    name: 'managed_credentials.expired_key.retries',
    unit: '{call}',
    description: 'Calls sent again because their key had expired',
  },
  /** Counter. Attributes: secret. */
  versionChanges: {
    name: 'managed_credentials.version.changes',
    unit: '{version}',
    description: 'Keys replaced by another version',
  },
  /** Counter. Attributes: secret. */
  keysNotReplaced: {
    name: 'managed_credentials.expired_key.not_replaced',
    unit: '{key}',
    description: 'Refused keys for which KMS offered no other version in time',
  },
  /** Gauge. Attributes: secret. */
  waiters: {
    name: 'managed_credentials.expired_key.waiters',
    unit: '{call}',
    description: 'Calls that wait for the successor of a refused key',
  },
  /** Gauge. Attributes: secret. 0 while KMS confirms the key. */
  staleTime: {
    name: 'managed_credentials.stale.time',
    unit: 's',
    description: 'Time since KMS last confirmed a key that it cannot confirm now',
  },
  /** Gauge. Attributes: secret. */
  nextRefresh: {
    name: 'managed_credentials.next_refresh.time',
    unit: 's',
    description: 'Time until the next planned fetch',
  },
  /** Gauge. Attributes: secret, state. 1 for the state a secret is in. */
  state: { name: 'managed_credentials.secret.state', unit: '1', description: 'State of a secret' },
} as const;

/** The attributes of metrics and spans. No attribute holds a secret or a key id. */
export const ATTRIBUTES = {
  secret: 'managed_credentials.secret',
  outcome: 'managed_credentials.outcome',
  reason: 'managed_credentials.reason',
  endpoint: 'server.address',
  sdk: 'managed_credentials.sdk',
  state: 'managed_credentials.state',
  requestId: 'aliyun.request_id',
  version: 'managed_credentials.version',
} as const;
