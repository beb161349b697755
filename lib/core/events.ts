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
  readonly versionId: string;
  readonly accessKeyId: string;
}

interface SecretEvent {
  readonly secretName: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** A fetch succeeded, whether or not it brought a new version. */
export interface RefreshedEvent extends SecretEvent {
  readonly type: 'refreshed';
  readonly reason: RefreshReason;
  readonly key: KeyLabel;
  readonly durationMs: number;
}

/** The cached key was replaced by another version. */
export interface RotatedEvent extends SecretEvent {
  readonly type: 'rotated';
  readonly reason: RefreshReason;
  readonly from: KeyLabel;
  readonly to: KeyLabel;
  readonly durationMs: number;
}

/** A fetch failed. The last good key, if there is one, keeps serving. */
export interface RefreshFailedEvent extends SecretEvent {
  readonly type: 'refreshFailed';
  readonly reason: RefreshReason;
  readonly errorCode: string;
  readonly requestId?: string | undefined;
  /** Failures in a row, this one included. */
  readonly failures: number;
  readonly durationMs: number;
}

/** From now on a key is served that could not be confirmed with KMS. Sent once an outage, not once a call. */
export interface StaleServedEvent extends SecretEvent {
  readonly type: 'staleServed';
  readonly key: KeyLabel;
  readonly fetchedAt: number;
  readonly errorCode: string;
}

/** No KMS endpoint answers, and the key was taken from elsewhere until one does. */
export interface RecalledEvent extends SecretEvent {
  readonly type: 'recalled';
  readonly key: KeyLabel;
  /** `file cache` or `recovery`. */
  readonly origin: string;
  readonly fetchedAt: number;
}

/** KMS answers again after failed refreshes. */
export interface RecoveredEvent extends SecretEvent {
  readonly type: 'recovered';
  readonly failures: number;
  readonly outageMs: number;
}

/** The cloud refused the current key; its successor is being fetched. Sent once a version. */
export interface KeyExpiredEvent extends SecretEvent {
  readonly type: 'keyExpired';
  readonly key: KeyLabel;
  readonly sdk: string;
}

/** KMS offered no successor of a refused key while calls could wait; calls fail until it does. */
export interface KeyNotReplacedEvent extends SecretEvent {
  readonly type: 'keyNotReplaced';
  readonly key: KeyLabel;
  readonly waitedMs: number;
}

/** One request to one KMS endpoint has ended. */
export interface KmsRequestEvent extends SecretEvent {
  readonly type: 'kmsRequest';
  /** Host and, where it is not the usual one, port. */
  readonly endpoint: string;
  /** `ok`, `aborted` because another endpoint was faster, or the error code. */
  readonly outcome: string;
  readonly requestId?: string | undefined;
  readonly durationMs: number;
}

/** A call is sent again with a newer key. */
export interface CallRetriedEvent extends SecretEvent {
  readonly type: 'callRetried';
  readonly sdk: string;
}

/** An AK expire handler threw; the error it was asked about counted as not expired. */
export interface HandlerFailedEvent extends SecretEvent {
  readonly type: 'handlerFailed';
  readonly sdk: string;
  readonly errorCode: string;
}

/** The module was shut down; nothing follows. */
export interface ClosedEvent {
  readonly type: 'closed';
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
  | HandlerFailedEvent
  | KmsRequestEvent
  | CallRetriedEvent
  | ClosedEvent;
