import {
  openApiClient,
  type OpenApiClientImport,
  type OpenApiClientOptions,
} from '../../lib/clients/openapi/open-api-client.js';
import { clientFixture } from './client-fixture.js';

/** A managed V2 client of secret `app`, and the core whose key it signs with. */
export async function startOpenApiClient<Client extends object, Config extends object>(
  clientClass: OpenApiClientImport<Client, Config>,
  options: OpenApiClientOptions<Config>,
) {
  const fixture = clientFixture('openapi');
  const client = await openApiClient(clientClass, 'app', options).create(fixture.context);
  return { ...fixture, fixture, client };
}
