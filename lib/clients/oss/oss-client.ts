import { getOssClientToken } from '../client-token.js';
import {
  definitionParts,
  type ManagedClientDefinition,
  type OptionsOrFactory,
} from '../managed-client-definition.js';
import { ProxyOssClient, type OssClientOptions } from './proxy-oss-client.js';

/**
 * Defines an injectable {@link ProxyOssClient}, signed with the key of a secret.
 *
 * @param secretName the secret's name
 * @param options ali-oss's options without the key, or a factory of them
 */
export function ossClient(
  secretName: string,
  options: OptionsOrFactory<OssClientOptions>,
): ManagedClientDefinition<ProxyOssClient> {
  return {
    token: getOssClientToken(secretName, options.name),
    secretName,
    sdk: 'oss',
    ...definitionParts(options, (ossOptions, context) => new ProxyOssClient(ossOptions, context)),
    close: (client) => client.close(),
  };
}
