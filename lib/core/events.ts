/** Why a secret was fetched. */
export type RefreshReason =
  /** The first fetch, at start-up or at first use. */
  | 'initial'
  /** The refresh schedule, a retry after a failure included. */
  | 'scheduled'
  /** The cloud refused the current key. */
  | 'expired-key'
  /** The cloud refused a call without saying whether the key is the reason. */
  | 'suspected-key'
  /** The application asked for it. */
  | 'manual';

/** A version of a key in the form that may be shown: the key id is masked. */
export interface KeyLabel {
  /** The version of the secret, as KMS names it. */
  readonly versionId: string;
  /** Masked. */
  readonly accessKeyId: string;
}

/** What every event about a secret tells. */
export interface SecretEvent<Type extends string> {
  /** Tells events apart. */
  readonly type: Type;
  /** The secret concerned, by the name the application uses. */
  readonly secretName: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A fetch succeeded, whether or not it brought a new version. */
export interface RefreshedEvent extends SecretEvent<'refreshed'> {
  /** Why it was fetched. */
  readonly reason: RefreshReason;
  /** What KMS answered. */
  readonly key: KeyLabel;
  /** Of the fetch, retries and failover included. */
  readonly durationMs: number;
}

/** The cached key was replaced by another version. */
export interface RotatedEvent extends SecretEvent<'rotated'> {
  /** Why it was fetched. */
  readonly reason: RefreshReason;
  /** The key until now. */
  readonly from: KeyLabel;
  /** The key from now on. */
  readonly to: KeyLabel;
  /** Of the fetch, retries and failover included. */
  readonly durationMs: number;
}

/** A fetch failed. The last good key, if there is one, keeps serving. */
export interface RefreshFailedEvent extends SecretEvent<'refreshFailed'> {
  /** Why it was fetched. */
  readonly reason: RefreshReason;
  /** A code that KMS, STS or Node gave, or that of an error of this library. */
  readonly errorCode: string;
  /** Of the answer that KMS gave, if it gave one. */
  readonly requestId?: string | undefined;
  /** Failures in a row, this one included. */
  readonly failures: number;
  /** Of the fetch, retries and failover included. */
  readonly durationMs: number;
}

/** From now on a key is served that could not be confirmed with KMS. Sent once an outage, not once a call. */
export interface StaleServedEvent extends SecretEvent<'staleServed'> {
  /** What is served. */
  readonly key: KeyLabel;
  /** When KMS last confirmed it, in epoch milliseconds. */
  readonly fetchedAt: number;
  /** Why it could not be confirmed. */
  readonly errorCode: string;
}

/** No KMS endpoint answers, and the key was taken from elsewhere until one does. */
export interface RecalledEvent extends SecretEvent<'recalled'> {
  /** What was found there. */
  readonly key: KeyLabel;
  /** `file cache` or `recovery`. */
  readonly origin: string;
  /** When KMS gave it, or the recovery answered, in epoch milliseconds. */
  readonly fetchedAt: number;
}

/** KMS answers again after failed refreshes. */
export interface RecoveredEvent extends SecretEvent<'recovered'> {
  /** Failed refreshes in a row until now. */
  readonly failures: number;
  /** Since the first of them. */
  readonly outageMs: number;
}

/** The cloud refused the current key; its successor is being fetched. Sent once a version. */
export interface KeyExpiredEvent extends SecretEvent<'keyExpired'> {
  /** The key that was refused. */
  readonly key: KeyLabel;
  /** The SDK that made the call. */
  readonly sdk: string;
}

/** KMS offered no successor of a refused key while calls could wait; calls fail until it does. */
export interface KeyNotReplacedEvent extends SecretEvent<'keyNotReplaced'> {
  /** The key that was refused. */
  readonly key: KeyLabel;
  /** How long its successor was looked for. */
  readonly waitedMs: number;
}

/** The cloud took a call with a refused key that KMS had not replaced. Sent at most once after each `keyNotReplaced`. */
export interface KeyAcceptedEvent extends SecretEvent<'keyAccepted'> {
  /** The key that had been refused. */
  readonly key: KeyLabel;
  /** Since `keyNotReplaced`; in this time calls failed. */
  readonly failingMs: number;
}

/** One request to one KMS endpoint has ended. */
export interface KmsRequestEvent extends SecretEvent<'kmsRequest'> {
  /** Host and, where it is not the usual one, port. */
  readonly endpoint: string;
  /** The region of the endpoint, where the configuration names it. */
  readonly regionId?: string | undefined;
  /** `ok`, `aborted` because another endpoint was faster, or the error code. */
  readonly outcome: string;
  /** Of the answer, if there was one. */
  readonly requestId?: string | undefined;
  /** Connecting included. */
  readonly durationMs: number;
}

/** A call is sent again with a newer key. */
export interface CallRetriedEvent extends SecretEvent<'callRetried'> {
  /** The SDK that made the call. */
  readonly sdk: string;
}

/** An AK expire handler threw; the error it was asked about counted as not expired. */
export interface HandlerFailedEvent extends SecretEvent<'handlerFailed'> {
  /** The SDK that made the call. */
  readonly sdk: string;
  /** The code or the name of what the handler threw. */
  readonly errorCode: string;
}

/** The module was shut down; nothing follows. */
export interface ClosedEvent {
  /** Tells events apart. */
  readonly type: 'closed';
  /** Epoch milliseconds. */
  readonly at: number;
}

/** All that the core reports about its secrets. No event holds a secret or a full key id. */
export type ManagedCredentialsEvent =
  | RefreshedEvent
  | RotatedEvent
  | RefreshFailedEvent
  | StaleServedEvent
  | RecalledEvent
  | RecoveredEvent
  | KeyExpiredEvent
  | KeyNotReplacedEvent
  | KeyAcceptedEvent
  | HandlerFailedEvent
  | KmsRequestEvent
  | CallRetriedEvent
  | ClosedEvent;
