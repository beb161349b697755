import { EMPTY } from 'rxjs';

import { Cloud } from './cloud.js';

/** The cloud that the environment points at: the demo changes nothing there. */
export class RealCloud extends Cloud {
  readonly description = 'the KMS of your environment';
  readonly emergencyRotations = 0;
  readonly kmsCalls = undefined;
  readonly changes = EMPTY;

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
