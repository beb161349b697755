import type { Attributes } from '@opentelemetry/api';

import type { KmsRequestEvent } from '../core/events.js';
import { ATTRIBUTES } from './metric-names.js';

const HTTPS_PORT = 443;

/** @param outcome `ok`, `aborted` or an error code, as events tell it */
export function outcomeAttributes(outcome: string): Attributes {
  return outcome === 'ok' || outcome === 'aborted'
    ? { [ATTRIBUTES.outcome]: outcome }
    : { [ATTRIBUTES.outcome]: 'error', [ATTRIBUTES.errorType]: outcome };
}

/** Where a request went. */
export function kmsEndpointAttributes({ endpoint, regionId }: KmsRequestEvent): Attributes {
  const [, host = endpoint, port = HTTPS_PORT] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(endpoint) ?? [];
  return {
    [ATTRIBUTES.serverAddress]: host.replaceAll(/^\[|\]$/g, ''),
    [ATTRIBUTES.serverPort]: Number(port),
    ...(regionId === undefined ? {} : { [ATTRIBUTES.region]: regionId }),
  };
}
