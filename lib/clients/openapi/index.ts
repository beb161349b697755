export { InjectOpenApiClient } from './inject-open-api-client.js';
export { ManagedCredentialsProvider } from './managed-credentials-provider.js';
export { getOpenApiClientToken, openApiClient } from './open-api-client.js';

export type { CredentialsByName } from './managed-credentials-provider.js';
export type { OpenApiClientClass, OpenApiClientImport, OpenApiClientOptions } from './open-api-client.js';
