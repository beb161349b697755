import { injectedValues, type Injectables, type InjectedValues } from './injected-values.js';
import type { ManagedClientContext, ManagedClientDefinition } from './managed-client-definition.js';

/** A client definition with the parts that have a default left out. */
export interface ManagedClientOptions<Client, Inject extends Injectables = Injectables> extends Omit<
  ManagedClientDefinition<Client>,
  'sdk' | 'inject' | 'create' | 'close'
> {
  /** @default 'custom' */
  readonly sdk?: string | undefined;
  /** Providers that `create` gets after its context. */
  readonly inject?: Inject | undefined;
  /** Builds the client. */
  create(context: ManagedClientContext, ...injected: InjectedValues<Inject>): Client | Promise<Client>;
  /** Releases what the client holds, at shutdown. */
  close?(client: Client): void | Promise<void>;
}

/**
 * Defines a client of an SDK that has no ready-made definition.
 *
 * @example
 * managedClient({
 *   token: 'TABLE_STORE',
 *   secretName: 'ots-reader',
 *   create: (context) => new TableStoreClient(() => context.current()),
 *   close: (client) => client.close(),
 * })
 */
export function managedClient<Client, const Inject extends Injectables = []>(
  options: ManagedClientOptions<Client, Inject>,
): ManagedClientDefinition<Client> {
  return {
    ...options,
    sdk: options.sdk ?? 'custom',
    create: (context, ...injected: never[]) => options.create(context, ...injectedValues<Inject>(injected)),
  };
}
