import { local, type Operation } from '../operation.js';
import { OPENAPI_REQUESTS, type OpenApiWorld } from './openapi-requests.js';

/** The generic client of @alicloud/openapi-client. */
export const OPENAPI_CLIENT: readonly Operation<OpenApiWorld>[] = [
  ...OPENAPI_REQUESTS,
  local('getUserAgent()', ({ client }) => client.getUserAgent?.()),
];
