import { isError } from '../../core/is-error.js';
import { askedTimeout } from '../acs/asked-timeout.js';
import {
  createProductAgent,
  RoaClient,
  type RoaClientInstance,
  type RoaRequestOptions,
} from '../acs/pop-core.js';
import { derivedClient } from '../derived-client.js';
import type { ManagedClientContext } from '../managed-client-definition.js';
import { PerKey } from '../per-key.js';
import { errorCodeInText } from './error-code-in-text.js';

/** What a ROA client is made of: pop-core's own configuration without the key. */
export interface RoaClientOptions {
  /** `https://cs.cn-hangzhou.aliyuncs.com`. */
  readonly endpoint: string;
  /** The product's API version: `2015-12-15`. */
  readonly apiVersion: string;
  /** Defaults for the options of each request. */
  readonly opts?: RoaRequestOptions | undefined;
}

/** An answer that pop-core takes for a success although its text is an error that the handler may judge. */
class RefusalAsText extends Error {
  constructor(
    readonly code: string,
    readonly text: string,
  ) {
    super(`the answer is an error: ${code}`);
  }
}

/**
 * pop-core's ROA client with a key that rotates: each request is signed with one whole pair, the current one, and sent
 * again when the cloud refuses it because that key has expired; also where pop-core itself would take the refusal for a
 * success, as it does with raw bodies and some XML.
 */
export class ProxyRoaClient extends RoaClient {
  readonly #context: ManagedClientContext;
  /** This client with one key; pop-core writes nothing to it while it sends a request. */
  readonly #signers = new PerKey((credentials) =>
    derivedClient<RoaClientInstance>(this, { credentialsProvider: { getCredentials: () => credentials } }),
  );

  constructor({ endpoint, apiVersion, opts }: RoaClientOptions, context: ManagedClientContext) {
    super({
      endpoint,
      apiVersion,
      opts: { ...opts },
      credentialsProvider: { getCredentials: () => context.current() },
    });
    this.keepAliveAgent = createProductAgent(endpoint);
    this.#context = context;
  }

  /**
   * Sends one request; `get`, `post`, `put` and `delete` go through here.
   *
   * @param body text, such as JSON
   * @throws what pop-core throws, unchanged
   */
  override async request<Result = unknown>(
    method: string,
    uriPattern: string,
    query: object = {},
    body = '',
    headers: Readonly<Record<string, string>> = {},
    options: RoaRequestOptions = {},
  ): Promise<Result> {
    try {
      return await this.#context.retry.run(
        (credentials) =>
          super.request.call(
            this.#signers.for(credentials),
            method,
            uriPattern,
            query,
            body,
            headers,
            options,
          ) as Promise<Result>,
        {
          errorIn: refusalIn,
          isSuspicious: isUnreadableRefusal,
          waitLimitMs: askedTimeout(options, this.opts),
        },
      );
    } catch (error) {
      // What it was to the SDK, a text, it is to the caller.
      if (error instanceof RefusalAsText) return error.text as Result;
      throw error;
    }
  }

  /** Closes the client's own connections; an agent that was passed in the options is left alone. */
  close(): void {
    this.keepAliveAgent.destroy();
  }
}

function refusalIn(answer: unknown): RefusalAsText | undefined {
  const code = typeof answer === 'string' ? errorCodeInText(answer) : undefined;
  return code === undefined ? undefined : new RefusalAsText(code, answer as string);
}

/** pop-core stumbles over an XML error that lacks one of the fields it expects, and so hides the code. */
function isUnreadableRefusal(error: unknown): boolean {
  return isError(error) && error.name === 'TypeError';
}
