import type { ManagedClientDefinition } from './managed-client-definition.js';

/** A client definition with the parts that have a default left out. */
export type ManagedClientOptions<Client> = Omit<ManagedClientDefinition<Client>, 'sdk'> & {
  /** @default 'custom' */
  readonly sdk?: string | undefined;
};

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
export function managedClient<Client>({
  sdk = 'custom',
  ...definition
}: ManagedClientOptions<Client>): ManagedClientDefinition<Client> {
  return { ...definition, sdk };
}
