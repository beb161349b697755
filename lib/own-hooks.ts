import { Injectable } from '@nestjs/common';

import type { OwnBinding } from './app-hooks.js';
import type { AkExpireHandler } from './clients/ak-expire-handler.js';

/**
 * What the library's own factories bound to the hook tokens. A test that overrides a provider replaces the factory,
 * so that nothing is noted here: that is how an override is told from the default.
 *
 * @internal
 */
@Injectable()
export class OwnHooks {
  akExpireHandler: OwnBinding<AkExpireHandler>['made'];
}
