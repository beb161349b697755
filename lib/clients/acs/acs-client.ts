import { getAcsClientToken } from '../client-token.js';
import type { Injectables } from '../injected-values.js';
import {
  definitionParts,
  type ManagedClientDefinition,
  type OptionsOrFactory,
} from '../managed-client-definition.js';
import { checkProductOptions } from './check-product-options.js';
import { ProxyAcsClient, type AcsClientOptions } from './proxy-acs-client.js';

/**
 * Defines an injectable {@link ProxyAcsClient}: a client of one product's RPC API, signed with the key of a secret.
 *
 * @param secretName the secret's name
 * @param options the product's endpoint and API version, or a factory of them
 */
export function acsClient<const Inject extends Injectables = []>(
  secretName: string,
  options: OptionsOrFactory<AcsClientOptions, Inject>,
): ManagedClientDefinition<ProxyAcsClient> {
  return {
    token: getAcsClientToken(secretName, options.name),
    secretName,
    sdk: 'acs',
    ...definitionParts(options, (acsOptions, context) => {
      checkProductOptions(acsOptions, context);
      return new ProxyAcsClient(acsOptions, context);
    }),
    close: (client) => client.close(),
  };
}
