import { sentAgain, type Operation } from '../operation.js';
import type { Invoke } from '../oss-world.js';

/** What the calls of the STS table work with. */
export interface StsWorld {
  readonly invoke: Invoke;
  readonly roleArn: string;
}

/** The STS client of OSS. */
export const OSS_STS: readonly Operation<StsWorld>[] = [
  sentAgain('assumeRole(role, policy, expiration, session)', ({ invoke, roleArn }) =>
    invoke('assumeRole', roleArn, { Version: '1', Statement: [] }, 900, 'upload'),
  ),
];
