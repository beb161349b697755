import type { SecretStatus } from 'nestjs-aliyun-managed-credentials';

import type { CloudChange } from '../cloud/cloud.js';
import type { KmsFault } from '../cloud/kms-fault.js';

/** What the charts draw of half a second. All `at` of messages are seconds since the start of the demo. */
export interface Point {
  readonly at: number;
  readonly callsPerSecond: number;
  readonly failuresPerSecond: number;
  /** Absent when no call has come back. */
  readonly p50Ms?: number | undefined;
  readonly p99Ms?: number | undefined;
  readonly kmsCalls: number;
  readonly kmsFailures: number;
  readonly isKmsBroken: boolean;
}

/** How things are at the end of a point. */
export interface Now {
  /** Epoch milliseconds, to tell how long ago the instants of `secrets` are. */
  readonly now: number;
  readonly calls: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly rotations: number;
  readonly kmsCalls: number;
  readonly kmsFailures: number;
  /** Of the last calls. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly secrets: readonly SecretStatus[];
  readonly kmsFault?: KmsFault | undefined;
  readonly isAutomatic: boolean;
}

/** A mark in time. */
export interface Mark extends CloudChange {
  readonly at: number;
}

/** One line of what happened. */
export interface Note {
  readonly at: number;
  readonly text: string;
  readonly tone: 'info' | 'good' | 'bad' | 'you';
}

/** What the page shows besides figures. */
export interface About {
  readonly cloud: string;
  readonly callers: number;
  /** Whether there is anything to rotate and to break. */
  readonly isEmulated: boolean;
  readonly rotationEveryMs: number;
}

/** What is sent to the page: at first what was so far, then what happens. */
export type PageMessage =
  | {
      readonly type: 'start';
      readonly about: About;
      readonly points: readonly Point[];
      readonly marks: readonly Mark[];
      readonly notes: readonly Note[];
      readonly now: Now;
    }
  | { readonly type: 'tick'; readonly point: Point; readonly now: Now }
  | { readonly type: 'mark'; readonly mark: Mark }
  | { readonly type: 'note'; readonly note: Note }
  | { readonly type: 'end' };
