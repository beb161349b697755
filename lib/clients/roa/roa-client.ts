import { checkProductOptions } from '../acs/check-product-options.js';
import { getRoaClientToken } from '../client-token.js';
import type { Injectables } from '../injected-values.js';
import {
  definitionParts,
  type ManagedClientDefinition,
  type OptionsOrFactory,
} from '../managed-client-definition.js';
import { ProxyRoaClient, type RoaClientOptions } from './proxy-roa-client.js';

/**
 * Defines an injectable {@link ProxyRoaClient}: a client of one product's ROA API, signed with the key of a secret.
 *
 * @param secretName the secret's name
 * @param options the product's endpoint and API version, or a factory of them
 */
export function roaClient<const Inject extends Injectables = []>(
  secretName: string,
  options: OptionsOrFactory<RoaClientOptions, Inject>,
): ManagedClientDefinition<ProxyRoaClient> {
  return {
    token: getRoaClientToken(secretName, options.name),
    secretName,
    sdk: 'roa',
    ...definitionParts(options, (roaOptions, context) => {
      checkProductOptions(roaOptions, context);
      return new ProxyRoaClient(roaOptions, context);
    }),
    close: (client) => client.close(),
  };
}
