import type { RecordedRequest } from '../http/recorded-request.js';

/** Which requests of a target a fault is meant for; every condition given must hold. */
export interface FaultConditions {
  /** Only requests for this secret (KMS), or signed with a key of this secret (OpenAPI and OSS). */
  readonly secretName?: string;
  /** Only this API: `GetSecretValue`, an RPC `Action`, an OSS operation such as `PutObject`. */
  readonly action?: string;
  /** Only requests to the KMS of this region (`kms` and `dedicatedKms`). */
  readonly regionId?: string;
  /** Only requests for which this says true. The record has no status yet; an OSS body is not yet received. */
  readonly match?: (request: RecordedRequest) => boolean;
}

/** When a fault strikes. */
export interface FaultDelay {
  /** How long it waits before, ms. @default 0 */
  readonly delayMs?: number;
}

/** An answer in place of the right one, in the target's own error format unless `body` is given. */
export interface HttpFault extends FaultConditions, FaultDelay {
  /** @default 'http' */
  readonly type?: 'http';
  /** HTTP status. */
  readonly status: number;
  /** The error code. Default: what the service uses for that status. */
  readonly code?: string;
  /** Default: what stands in the reference for the code. */
  readonly message?: string;
  /** Sent as it is, in place of a rendered error. */
  readonly body?: string | Buffer;
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that the target's reference documents, with the status and the message that stand there. */
export interface DocumentedFault extends FaultConditions, FaultDelay {
  /** @default 'http' */
  readonly type?: 'http';
  /** Follows from the code. */
  readonly status?: undefined;
  /** Such as `Rejected.Throttling` of KMS or `Throttling.User` of OpenAPI. */
  readonly code: string;
  /** Default: what stands in the reference for the code. */
  readonly message?: string;
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The right answer, but late. */
export interface DelayFault extends FaultConditions {
  /** @default 'delay' */
  readonly type?: 'delay';
  /** How late, ms. */
  readonly delayMs: number;
}

/** The connection is destroyed before an answer, and the call is not carried out. */
export interface DropFault extends FaultConditions, FaultDelay {
  /** Tells faults apart. */
  readonly type: 'drop';
}

/** The request is received and never answered. */
export interface HangFault extends FaultConditions {
  /** Tells faults apart. */
  readonly type: 'hang';
}

/** The call is carried out, but its answer is cut in the middle of the body. */
export interface TruncateFault extends FaultConditions, FaultDelay {
  /** Tells faults apart. */
  readonly type: 'truncate';
}

/** Status 200 with a body that makes no sense; the call is not carried out. */
export interface GarbageFault extends FaultConditions, FaultDelay {
  /** Tells faults apart. */
  readonly type: 'garbage';
}

/**
 * Nobody listens: connections that are there are cut and new ones are refused (ECONNREFUSED), until the fault is
 * cleared; the service is back on the same port then. It strikes no single requests, so it takes no `times`.
 */
export interface RefuseFault {
  /** Tells faults apart. */
  readonly type: 'refuse';
  /** Only the KMS of this region (`kms` and `dedicatedKms`). */
  readonly regionId?: string;
}

/** Something that goes wrong between a client and a service. */
export type Fault =
  | HttpFault
  | DocumentedFault
  | DelayFault
  | DropFault
  | HangFault
  | TruncateFault
  | GarbageFault
  | RefuseFault;

/** The names of the faults that need no details. */
export const FAULT_SHORTHANDS = ['drop', 'hang', 'truncate', 'garbage', 'refuse'] as const;

/** A fault that needs no details. */
export type FaultShorthand = (typeof FAULT_SHORTHANDS)[number];
