import { ClosedError } from '../../core/errors.js';
import type { ManagedClientContext } from '../managed-client-definition.js';
import { OssClusterClient, type OssClusterOptions } from './ali-oss.js';
import { ProxyOssClient, type OssClientOptions } from './proxy-oss-client.js';

/** What a cluster client is made of: ali-oss's own options, with the nodes without a key. */
export interface OssClusterClientOptions extends Omit<OssClusterOptions, 'cluster'> {
  /** The nodes, the master first. With several of them no stream is kept: `replayBufferBytes` is 0. */
  readonly cluster: readonly OssClientOptions[];
}

/** ali-oss's cluster client over {@link ProxyOssClient}s, whose heartbeat is signed with the current key too. */
export class ProxyOssClusterClient extends OssClusterClient {
  /** The clients of the nodes, that ali-oss's methods send their requests through. */
  declare clients: ProxyOssClient[];
  readonly #context: ManagedClientContext;

  constructor({ cluster, ...options }: OssClusterClientOptions, context: ManagedClientContext) {
    // ali-oss insists on keys, for clients that are replaced before anything is sent. With `maxSockets` they would limit
    // the agents that all clients of ali-oss share.
    const replaced = { accessKeyId: 'replaced', accessKeySecret: 'replaced', maxSockets: undefined };
    super({ ...options, cluster: cluster.map((node) => ({ ...node, ...replaced })) });
    // ali-oss pipes one stream to all nodes; a buffer for each of them would take the chunks from the others.
    const sharing = cluster.length > 1 ? { replayBufferBytes: 0 } : {};
    this.clients = cluster.map((node) => {
      // What ali-oss takes from the cluster for nodes that do not say it themselves.
      const { agent = options.agent, urllib = options.urllib, timeout = options.timeout } = node;
      return new ProxyOssClient({ ...node, agent, urllib, timeout, ...sharing }, context);
    });
    this.#context = context;
    // An application that could not start is never shut down by Nest; the heartbeat must not keep its process alive.
    this._timerId.unref();
    this._init();
  }

  /** ali-oss's constructor starts the heartbeat here, when the clients are not yet those that can sign. */
  override _init(): void {
    if (this.clients.every((client) => client instanceof ProxyOssClient)) super._init();
  }

  /** Tells whoever listens; but a heartbeat that the shutdown interrupts says nothing about the nodes. */
  override emit(event: string, ...args: unknown[]): boolean {
    return event === 'error' && this.#isShutDown ? false : super.emit(event, ...args);
  }

  /** Ends the heartbeat and closes the clients' own connections. */
  override close(): void {
    super.close();
    for (const client of this.clients) client.close();
  }

  get #isShutDown(): boolean {
    try {
      this.#context.current();
      return false;
    } catch (error) {
      return error instanceof ClosedError;
    }
  }
}
