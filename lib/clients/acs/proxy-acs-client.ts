import type { ManagedClientContext } from '../managed-client-definition.js';
import { askedTimeout } from './asked-timeout.js';
import { derivedClient } from '../derived-client.js';
import { PerKey } from '../per-key.js';
import { createProductAgent, RpcClient, type RpcClientInstance, type RpcRequestOptions } from './pop-core.js';

/** What an ACS client is made of: pop-core's own configuration without the key. */
export interface AcsClientOptions {
  /** `https://ecs.cn-hangzhou.aliyuncs.com`. */
  readonly endpoint: string;
  /** The product's API version: `2014-05-26`. */
  readonly apiVersion: string;
  /** Further values of `Code` that mean success. */
  readonly codes?: readonly (string | number)[] | undefined;
  /** Defaults for the options of each request. */
  readonly opts?: RpcRequestOptions | undefined;
  /** Makes `request` resolve to `[answer, exchange]`. @default false */
  readonly verbose?: boolean | undefined;
}

/**
 * pop-core's RPC client with a key that rotates: each request is signed with one whole pair, the current one, and
 * sent again when the cloud refuses it because that key has expired.
 *
 * Requests go out as POST unless the caller says otherwise, because pop-core writes the signed URL of a GET into
 * its errors.
 */
export class ProxyAcsClient extends RpcClient {
  readonly #context: ManagedClientContext;
  /** This client with one key; pop-core writes nothing to it while it sends a request. */
  readonly #signers = new PerKey((credentials) =>
    derivedClient<RpcClientInstance>(this, { credentialsProvider: { getCredentials: () => credentials } }),
  );

  constructor(
    { endpoint, apiVersion, codes, opts, verbose }: AcsClientOptions,
    context: ManagedClientContext,
  ) {
    super(
      {
        endpoint,
        apiVersion,
        ...(codes === undefined ? {} : { codes: [...codes] }),
        opts: { ...opts },
        credentialsProvider: { getCredentials: () => context.current() },
      },
      verbose,
    );
    this.keepAliveAgent = createProductAgent(endpoint);
    this.#context = context;
  }

  /**
   * Calls an action of the product's API.
   *
   * @throws what pop-core throws, unchanged
   */
  override request<Result = unknown>(
    action: string,
    params: object = {},
    options: RpcRequestOptions = {},
  ): Promise<Result> {
    return this.#context.retry.run(
      (credentials) => {
        // pop-core only knows the exact word POST; anything else sends all parameters in the URL.
        const method = (options.method ?? this.opts.method ?? 'POST').toUpperCase();
        return super.request.call(this.#signers.for(credentials), action, params, {
          ...options,
          method,
        }) as Promise<Result>;
      },
      { waitLimitMs: askedTimeout(options, this.opts) },
    );
  }

  /** Closes the client's own connections; an agent that was passed in the options is left alone. */
  close(): void {
    this.keepAliveAgent.destroy();
  }
}
