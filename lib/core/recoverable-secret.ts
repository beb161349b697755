import type { RefreshReason } from './events.js';
import type { ManagedCredentials } from './managed-credentials.js';

/** A secret as those see it who look for the successor of its key. */
export interface RecoverableSecret {
  readonly secretName: string;
  readonly current: ManagedCredentials | undefined;
  readonly isFetching: boolean;
  refresh(reason: RefreshReason): Promise<ManagedCredentials>;
}
