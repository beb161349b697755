import { Agent } from 'node:http';

import { derivedClient } from '../derived-client.js';
import { createKeepAliveAgent } from '../keep-alive-agent.js';
import type { ManagedClientContext } from '../managed-client-definition.js';
import { OssStsClient, type OssStsInstance, type OssStsOptions } from './ali-oss.js';

/** What an STS client is made of: ali-oss's own options without the key. */
export type OssStsClientOptions = Omit<OssStsOptions, 'accessKeyId' | 'accessKeySecret'>;

/**
 * ali-oss's STS client with a key that rotates: `assumeRole` is signed with one whole pair, the current one, and sent
 * again when STS refuses it because that key has expired.
 */
export class ProxyOssStsClient extends OssStsClient {
  readonly #context: ManagedClientContext;
  readonly #ownAgent: Agent;

  constructor({ agent, ...options }: OssStsClientOptions, context: ManagedClientContext) {
    // An endpoint with TLS gets a connection for each call.
    const ownAgent = createKeepAliveAgent(Agent);
    // ali-oss insists on a key; each call gets its own.
    super({ ...options, agent: agent ?? ownAgent, accessKeyId: 'replaced', accessKeySecret: 'replaced' });
    this.#context = context;
    this.#ownAgent = ownAgent;
  }

  /**
   * Asks for a temporary key of a role.
   *
   * @throws what ali-oss throws, unchanged
   */
  override async assumeRole(
    ...args: Parameters<OssStsInstance['assumeRole']>
  ): ReturnType<OssStsInstance['assumeRole']> {
    return this.#context.retry.run(async ({ accessKeyId, accessKeySecret }) => {
      const options = { ...this.options, accessKeyId, accessKeySecret };
      return super.assumeRole.apply(derivedClient<OssStsInstance>(this, { options }), args);
    });
  }

  /** Closes the client's own connections; an agent that was passed in the options is left alone. */
  close(): void {
    this.#ownAgent.destroy();
  }
}
