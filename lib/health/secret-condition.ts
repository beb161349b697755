import type { SecretStatus } from '../managed-credentials.service.js';

/** What there is to tell of a secret; finer than its state. */
export type SecretCondition =
  | 'fresh'
  /** A lazy start leaves the first fetch to the first use: nothing is wrong. */
  | 'notFetched'
  /** The cloud has refused the key, and calls wait for its successor. */
  | 'beingReplaced'
  /** The last good key serves, as KMS cannot be asked. */
  | 'unconfirmed'
  /** KMS has never given a key. */
  | 'absent'
  /** The cloud refuses the key, and calls do not wait for its successor any more. */
  | 'refused';

/** Tells the condition that a secret is in. */
export function conditionOf({ state, fetchedAt, lastErrorCode }: SecretStatus): SecretCondition {
  switch (state) {
    case 'fresh':
      return 'fresh';
    case 'stale':
      if (fetchedAt === undefined) return 'notFetched';
      return lastErrorCode === undefined ? 'beingReplaced' : 'unconfirmed';
    case 'failing':
      return fetchedAt === undefined ? 'absent' : 'refused';
  }
}
