/** The name of the meter and the tracer. */
export const SCOPE_NAME = 'nestjs-aliyun-managed-credentials';

/**
 * The attributes of metrics and spans, by the semantic conventions of OpenTelemetry where these have a name. No
 * attribute holds a secret or a key id.
 */
export const ATTRIBUTES = {
  /** The name of the secret, as the application uses it; in metrics `_OTHER` for a name that KMS does not know. */
  secret: 'managed_credentials.secret.name',
  /** The version of the secret, as KMS names it. */
  version: 'managed_credentials.secret.version',
  /** A `SecretState`. */
  state: 'managed_credentials.secret.state',
  /** Why a secret was fetched: a `RefreshReason`. */
  reason: 'managed_credentials.refresh.reason',
  /** `ok`, `error`, or for a request `aborted` because another endpoint was faster. */
  outcome: 'managed_credentials.outcome',
  /** The error code; only where the outcome is `error`. */
  errorType: 'error.type',
  /** The SDK that made a call: `acs`, `roa`, `oss`, `openapi` or the name a definition gave. */
  sdk: 'managed_credentials.sdk',
  /** Host of the KMS endpoint. */
  serverAddress: 'server.address',
  /** Port of the KMS endpoint. */
  serverPort: 'server.port',
  /** Region of the KMS endpoint, where the configuration names it. */
  region: 'cloud.region',
  /** Always `alibaba_cloud`. */
  rpcSystem: 'rpc.system.name',
  /** Always `KMS/GetSecretValue`. */
  rpcMethod: 'rpc.method',
  /** The request id that KMS answered. */
  requestId: 'managed_credentials.kms.request_id',
} as const;

/** The names of the spans. */
export const SPANS = {
  /** A fetch of a secret, retries and failover included. Of kind internal. */
  refresh: 'managed_credentials.refresh',
  /** One request to one KMS endpoint. Of kind client, and a child of the refresh that made it. */
  kmsRequest: 'KMS/GetSecretValue',
} as const;

/** What OpenTelemetry is told of a metric. */
export interface MetricDescription {
  /** Stable: dashboards and alerts depend on it. */
  readonly name: string;
  /** The kind of instrument, all of them but counters and histograms asynchronous. */
  readonly instrument: 'counter' | 'histogram' | 'gauge' | 'upDownCounter';
  /** In UCUM; stable too. */
  readonly unit: string;
  /** What is measured. */
  readonly description: string;
  /** The names of its attributes; not each of them is always there. */
  readonly attributes: readonly string[];
}

const { secret, state, reason, outcome, errorType, sdk, serverAddress, serverPort, region } = ATTRIBUTES;

/** The metrics. Names, units and attributes are stable: dashboards and alerts depend on them. */
export const METRICS = {
  /** Counter of fetches of a secret. */
  refreshes: metric({
    name: 'managed_credentials.refreshes',
    instrument: 'counter',
    unit: '{refresh}',
    description: 'Fetches of a secret, retries and failover included',
    attributes: [secret, reason, outcome, errorType],
  }),
  /** Histogram of requests to KMS. */
  kmsRequestDuration: metric({
    name: 'managed_credentials.kms.request.duration',
    instrument: 'histogram',
    unit: 's',
    description: 'Duration of a request to one KMS endpoint',
    attributes: [region, serverAddress, serverPort, outcome, errorType],
  }),
  /** Counter of calls that were sent again. */
  expiredKeyRetries: metric({
    name: 'managed_credentials.expired_key.retries',
    instrument: 'counter',
    unit: '{call}',
    description: 'Calls sent again because their key had expired',
    attributes: [secret, sdk],
  }),
  /** Counter of refused keys that KMS did not replace. */
  keysNotReplaced: metric({
    name: 'managed_credentials.expired_key.not_replaced',
    instrument: 'counter',
    unit: '{key}',
    description: 'Refused keys for which KMS offered no other version in time',
    attributes: [secret],
  }),
  /** Gauge of calls that wait. */
  waiters: metric({
    name: 'managed_credentials.expired_key.waiters',
    instrument: 'upDownCounter',
    unit: '{call}',
    description: 'Calls that wait for the successor of a refused key',
    attributes: [secret],
  }),
  /** Counter of version changes. */
  versionChanges: metric({
    name: 'managed_credentials.secret.version_changes',
    instrument: 'counter',
    unit: '{change}',
    description: 'Keys replaced by another version',
    attributes: [secret],
  }),
  /** Gauge for each secret and state. */
  status: metric({
    name: 'managed_credentials.secret.status',
    instrument: 'upDownCounter',
    unit: '1',
    description: '1 for the state that a secret is in, 0 for the others',
    attributes: [secret, state],
  }),
  /** Gauge of how old a key is that KMS cannot confirm. */
  staleTime: metric({
    name: 'managed_credentials.secret.stale_time',
    instrument: 'gauge',
    unit: 's',
    description: 'Time since KMS last confirmed a key that is not fresh; 0 for one that is',
    attributes: [secret],
  }),
  /** Gauge of the time until the next fetch. */
  timeLeft: metric({
    name: 'managed_credentials.refresh.time_left',
    instrument: 'gauge',
    unit: 's',
    description: 'Time until the next planned fetch of a secret; below 0 when it is late',
    attributes: [secret],
  }),
} as const;

/** Keeps the API reference to the fields of a description. */
function metric(description: MetricDescription): MetricDescription {
  return description;
}
