import type { OpenRecord } from '../http/recorded-request.js';
import type { OpenApiCall } from './openapi-call.js';

/** Notes what a call says about itself; empty values stay out. */
export function recordCall({ action, accessKeyId, nonce }: OpenApiCall, record: OpenRecord): void {
  if (action !== '') record.action = action;
  if (accessKeyId !== '') record.accessKeyId = accessKeyId;
  if (nonce !== '') record.nonce = nonce;
}
