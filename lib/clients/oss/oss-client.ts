import {
  getOssClientToken,
  getOssClusterClientToken,
  getOssImageClientToken,
  getOssStsClientToken,
} from '../client-token.js';
import type { Injectables } from '../injected-values.js';
import {
  definitionParts,
  type ManagedClientDefinition,
  type OptionsOrFactory,
} from '../managed-client-definition.js';
import { ProxyOssClient, type OssClientOptions } from './proxy-oss-client.js';
import { ProxyOssClusterClient, type OssClusterClientOptions } from './proxy-oss-cluster-client.js';
import { ProxyOssImageClient, type OssImageClientOptions } from './proxy-oss-image-client.js';
import { ProxyOssStsClient, type OssStsClientOptions } from './proxy-oss-sts-client.js';

/**
 * Defines an injectable {@link ProxyOssClient}, signed with the key of a secret.
 *
 * @param secretName the secret's name
 * @param options ali-oss's options without the key, or a factory of them
 */
export function ossClient<const Inject extends Injectables = []>(
  secretName: string,
  options: OptionsOrFactory<OssClientOptions, Inject>,
): ManagedClientDefinition<ProxyOssClient> {
  return {
    token: getOssClientToken(secretName, options.name),
    secretName,
    sdk: 'oss',
    ...definitionParts(options, (ossOptions, context) => new ProxyOssClient(ossOptions, context)),
    close: (client) => client.close(),
  };
}

/**
 * Defines an injectable {@link ProxyOssImageClient}, signed with the key of a secret.
 *
 * @param secretName the secret's name
 * @param options ali-oss's options without the key, or a factory of them
 */
export function ossImageClient<const Inject extends Injectables = []>(
  secretName: string,
  options: OptionsOrFactory<OssImageClientOptions, Inject>,
): ManagedClientDefinition<ProxyOssImageClient> {
  return {
    token: getOssImageClientToken(secretName, options.name),
    secretName,
    sdk: 'oss',
    ...definitionParts(options, (imageOptions, context) => new ProxyOssImageClient(imageOptions, context)),
    close: (client) => client.close(),
  };
}

/**
 * Defines an injectable {@link ProxyOssClusterClient}, signed with the key of a secret.
 *
 * @param secretName the secret's name
 * @param options ali-oss's options without keys, or a factory of them
 */
export function ossClusterClient<const Inject extends Injectables = []>(
  secretName: string,
  options: OptionsOrFactory<OssClusterClientOptions, Inject>,
): ManagedClientDefinition<ProxyOssClusterClient> {
  return {
    token: getOssClusterClientToken(secretName, options.name),
    secretName,
    sdk: 'oss',
    ...definitionParts(
      options,
      (clusterOptions, context) => new ProxyOssClusterClient(clusterOptions, context),
    ),
    close: (client) => client.close(),
  };
}

/**
 * Defines an injectable {@link ProxyOssStsClient}, which hands out temporary keys for OSS, signed with the key of a
 * secret.
 *
 * @param secretName the secret's name
 * @param options ali-oss's options without the key, or a factory of them
 */
export function ossStsClient<const Inject extends Injectables = []>(
  secretName: string,
  options: OptionsOrFactory<OssStsClientOptions, Inject> = {},
): ManagedClientDefinition<ProxyOssStsClient> {
  return {
    token: getOssStsClientToken(secretName, options.name),
    secretName,
    sdk: 'sts',
    ...definitionParts(options, (stsOptions, context) => new ProxyOssStsClient(stsOptions, context)),
    close: (client) => client.close(),
  };
}
