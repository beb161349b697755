import { Inject } from '@nestjs/common';

import { getOpenApiClientToken } from './open-api-client.js';

/** Injects the V2 client of a secret. The class may be given first, for symmetry with the definition. */
export function InjectOpenApiClient(
  secretName: string,
  name?: string,
): ParameterDecorator & PropertyDecorator;
export function InjectOpenApiClient(
  clientClass: object,
  secretName: string,
  name?: string,
): ParameterDecorator & PropertyDecorator;
export function InjectOpenApiClient(
  first: string | object,
  second?: string,
  third?: string,
): ParameterDecorator & PropertyDecorator {
  return Inject(
    typeof first === 'string'
      ? getOpenApiClientToken(first, second)
      : getOpenApiClientToken(first, second ?? '', third),
  );
}
