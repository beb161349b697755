import { InvalidClientOptionsError } from '../invalid-client-options-error.js';
import type { ManagedClientContext } from '../managed-client-definition.js';

/**
 * Checks what says which product a client of pop-core talks to, and where. Types ask for the same; but options often
 * come from an environment in which they may be missing.
 *
 * @throws InvalidClientOptionsError
 */
export function checkProductOptions(
  { endpoint, apiVersion }: { readonly endpoint?: unknown; readonly apiVersion?: unknown },
  context: ManagedClientContext,
): void {
  if (typeof endpoint !== 'string' || !/^https?:\/\/./.test(endpoint)) {
    throw new InvalidClientOptionsError(
      context,
      '"endpoint" is no URL',
      'Write it with its scheme, such as "https://ecs.cn-hangzhou.aliyuncs.com".',
    );
  }
  if (typeof apiVersion !== 'string' || apiVersion === '') {
    throw new InvalidClientOptionsError(
      context,
      '"apiVersion" is missing',
      'Write the version of the product\'s API as its documentation names it, such as "2014-05-26" for ECS.',
    );
  }
}
