import { isRecord } from '../../core/is-record.js';
import { clientToken } from '../client-token.js';
import type { Injectables } from '../injected-values.js';
import { InvalidClientOptionsError } from '../invalid-client-options-error.js';
import {
  definitionParts,
  type ManagedClientContext,
  type ManagedClientDefinition,
  type OptionsOrFactory,
} from '../managed-client-definition.js';
import { DEFAULT_REPLAY_BUFFER_BYTES } from '../replay-buffer.js';
import { currentCredential } from './pinned-credential.js';
import { rotateCredential } from './rotate-credential.js';

/** The class of a generated client, such as the default export of @alicloud/ecs20140526. */
export type OpenApiClientClass<Client extends object, Config extends object> = new (config: Config) => Client;

/**
 * The class as it may be imported: these packages are CommonJS, so that an ES module finds it one or two `default`
 * further down.
 */
export type OpenApiClientImport<Client extends object, Config extends object> =
  | OpenApiClientClass<Client, Config>
  | { readonly default: OpenApiClientClass<Client, Config> }
  | { readonly default: { readonly default: OpenApiClientClass<Client, Config> } };

/** Fields of a config that would take the place of the managed key. */
type KeyFields = 'accessKeyId' | 'accessKeySecret' | 'securityToken' | 'bearerToken' | 'credential' | 'type';

const KEY_FIELDS: readonly KeyFields[] = [
  'accessKeyId',
  'accessKeySecret',
  'securityToken',
  'bearerToken',
  'credential',
];

/** The config of a generated client without the key; a plain object or an instance of the SDK's own class. */
export type OpenApiClientOptions<Config extends object> = Partial<Omit<Config, KeyFields>> & {
  /**
   * How much of a request's stream is kept, so that it can be sent again when its key turns out to have expired, in
   * bytes. 0 keeps nothing.
   * @default 1048576 (1 MiB)
   */
  readonly replayBufferBytes?: number | undefined;
};

/** The token of the V2 client of a secret. The class may be given first, for symmetry with the definition. */
export function getOpenApiClientToken(secretName: string, name?: string): string;
export function getOpenApiClientToken(clientClass: object, secretName: string, name?: string): string;
export function getOpenApiClientToken(first: string | object, second?: string, third?: string): string {
  return typeof first === 'string'
    ? clientToken('openapi', first, second)
    : clientToken('openapi', second ?? '', third);
}

/**
 * Defines an injectable client of a V2 SDK, signed with the key of a secret: any generated client over
 * @alicloud/openapi-core, @alicloud/openapi-client or @alicloud/rpc-client. What is injected is an instance of the
 * class itself.
 *
 * @param clientClass the class, or the module that it is the default export of
 * @param secretName the secret's name
 * @param options the client's config without a key, or a factory of it
 */
export function openApiClient<
  Client extends object,
  Config extends object,
  const Inject extends Injectables = [],
>(
  clientClass: OpenApiClientImport<Client, Config>,
  secretName: string,
  options: OptionsOrFactory<OpenApiClientOptions<Config>, Inject> = {},
): ManagedClientDefinition<Client> {
  return {
    token: getOpenApiClientToken(secretName, options.name),
    secretName,
    sdk: 'openapi',
    ...definitionParts<OpenApiClientOptions<Config>, Client, Inject>(options, (clientOptions, context) =>
      createClient(classOf(clientClass, secretName), clientOptions, context),
    ),
  };
}

function createClient<Client extends object, Config extends object>(
  clientClass: OpenApiClientClass<Client, Config>,
  { replayBufferBytes = DEFAULT_REPLAY_BUFFER_BYTES, ...options }: OpenApiClientOptions<Config>,
  context: ManagedClientContext,
): Client {
  const given = KEY_FIELDS.filter((field) => (options as Readonly<Record<string, unknown>>)[field]);
  if (given.length > 0) {
    throw new InvalidClientOptionsError(
      context,
      `its config brings a key of its own (${given.join(', ')})`,
      'Leave it out: the client is signed with the managed key.',
    );
  }
  const config = { ...options, credential: currentCredential(context.credentials) };
  const client = new clientClass(config as unknown as Config);
  rotateCredential(client, context, replayBufferBytes);
  return client;
}

function classOf<Client extends object, Config extends object>(
  imported: OpenApiClientImport<Client, Config>,
  secretName: string,
): OpenApiClientClass<Client, Config> {
  let found: unknown = imported;
  while (isRecord(found)) found = found['default'];
  if (typeof found === 'function') return found as OpenApiClientClass<Client, Config>;
  throw new InvalidClientOptionsError(
    { secretName },
    'the first argument of openApiClient is no class',
    'Give the client class of the SDK, such as the default export of @alicloud/ecs20140526.',
  );
}
