import type { AccessKey } from '../cloud/access-key.js';
import type { Exchange } from '../http/exchange.js';
import type { Caller } from './openapi-actions.js';

/** Who sent a request, as actions are told, once its key is known. */
export function callerOf(key: AccessKey, exchange: Exchange, accountId: string): Caller {
  const { accessKeyId, userName, owner, session } = key;
  return {
    accountId,
    headers: exchange.publicHeaders,
    accessKeyId,
    userName,
    identityType: session ? 'AssumedRoleUser' : 'RAMUser',
    ...owner,
  };
}
