/**
 * Clients of the V2 SDKs: any generated client over @alicloud/openapi-core, openapi-client or rpc-client.
 *
 * @module nestjs-aliyun-managed-credentials/openapi
 */

export { InjectOpenApiClient } from './inject-open-api-client.js';
export { ManagedCredentialsProvider } from './managed-credentials-provider.js';
export { getOpenApiClientToken, openApiClient } from './open-api-client.js';

export type { CredentialsByName } from './managed-credentials-provider.js';
export type { OpenApiClientClass, OpenApiClientImport, OpenApiClientOptions } from './open-api-client.js';
