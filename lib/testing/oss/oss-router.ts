import { ServiceError } from '../http/service-error.js';
import type { OssAddress } from './oss-address.js';
import type { OssOperation, OssScope } from './oss-operation.js';
import type { OssRequest } from './oss-request.js';
import { SIGNED_SUBRESOURCES } from './signatures/signed-subresources.js';

const COPY_SOURCE = 'x-oss-copy-source';
// Query parameters that are signed like sub-resources, but do not turn a call into another operation.
const MODIFIERS: ReadonlySet<string> = new Set([
  'callback',
  'callback-var',
  'continuation-token',
  'endTime',
  'inventoryId',
  'position',
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
  'security-token',
  'sequential',
  'startTime',
  'status',
  'styleName',
  'versionId',
  'x-oss-request-payer',
  'x-oss-traffic-limit',
]);

/** Finds the operation that a call means. */
export class OssRouter {
  readonly #operations: ReadonlyMap<string, OssOperation>;

  constructor(operations: readonly OssOperation[]) {
    this.#operations = new Map(
      operations.map((operation) => [
        keyOf(operation.method, operation.scope, (operation.selectors ?? []).toSorted()),
        operation,
      ]),
    );
  }

  /** The operation, or undefined when the emulator does not have it. */
  find(request: OssRequest, address: OssAddress): OssOperation | undefined {
    return this.#operations.get(keyOf(request.method, scopeOf(address), selectorsOf(request)));
  }
}

/** The error for an operation that the emulator does not have: never a wrong answer. */
export function notEmulated(request: OssRequest, address: OssAddress): ServiceError {
  const selectors = selectorsOf(request).join(', ') || 'no sub-resource';
  const message = `The emulator does not know this operation: ${request.method} on ${scopeOf(address)} with ${selectors}.`;
  return new ServiceError(501, 'NotImplemented', message);
}

// What makes of the same method and address another operation: sub-resources, listing version, copy source.
function selectorsOf(request: OssRequest): string[] {
  const inQuery = [...request.query.keys()].filter(
    (name) => name === 'list-type' || (SIGNED_SUBRESOURCES.has(name) && !MODIFIERS.has(name)),
  );
  return (request.header(COPY_SOURCE) === '' ? inQuery : [...inQuery, COPY_SOURCE]).toSorted();
}

function scopeOf({ bucket, object }: OssAddress): OssScope {
  if (bucket === '') return 'service';
  return object === '' ? 'bucket' : 'object';
}

function keyOf(method: string, scope: OssScope, selectors: readonly string[]): string {
  return [method, scope, ...selectors].join(' ');
}
