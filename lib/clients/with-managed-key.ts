import type { ManagedCredentials } from '../core/managed-credentials.js';
import { derivedClient } from './derived-client.js';
import { InvalidClientOptionsError } from './invalid-client-options-error.js';
import type { ManagedClientContext } from './managed-client-definition.js';

/** Where a client of an SDK keeps its key, and which of its methods send requests. */
export interface ManagedKeyOptions<Client extends object> {
  /** The methods that send one request each and answer a promise; all operations of the client end in one of them. */
  readonly methods: readonly AsyncMethod<Client>[];
  /** The properties that the client signs with, made from a key. */
  readonly fields: { readonly [Name in keyof Client]?: (key: ManagedCredentials) => Client[Name] };
  /**
   * Whether a call with these arguments can be sent again: not if one of them is a stream.
   * @default every call can
   */
  readonly isReplayable?: ((args: readonly unknown[]) => boolean) | undefined;
}

/** The names of the methods of a client that answer promises. */
export type AsyncMethod<Client> = {
  [Name in keyof Client]-?: Client[Name] extends (...args: never[]) => Promise<unknown> ? Name : never;
}[keyof Client];

/**
 * Makes a client of an SDK that keeps its key in properties sign each request with one whole pair, the current one,
 * and send it again when the cloud refuses it because that key has expired. The client stays what it is: the methods
 * are replaced on the instance.
 *
 * Each request runs on an object derived from the client that has the key's properties of its own. Whatever else the
 * method writes to `this` stays there, and a client with private fields (`#name`) cannot be used so: call
 * `context.retryOnExpiredKey` yourself there. Texts among the properties also turn into the current ones on the client
 * itself, for what it signs by other methods. Plain objects among the arguments are handed over as copies, as SDKs
 * write into them what belongs to one sending.
 *
 * @returns the same client
 * @throws InvalidClientOptionsError when the client has no such method
 *
 * @example
 * create: (context) =>
 *   withManagedKey(new MnsClient(accountId, { ...options, accessKeyId: '-', accessKeySecret: '-' }), context, {
 *     methods: ['request'],
 *     fields: { accessKeyID: (key) => key.accessKeyId, accessKeySecret: (key) => key.accessKeySecret },
 *   })
 */
export function withManagedKey<Client extends object>(
  client: Client,
  context: ManagedClientContext,
  { methods, fields, isReplayable }: ManagedKeyOptions<Client>,
): Client {
  const derived = new WeakSet<object>();
  const makers = Object.entries<FieldMaker | undefined>(fields).filter(isPresent);
  const withKey = (key: ManagedCredentials): object => {
    const properties = Object.fromEntries(makers.map(([name, make]) => [name, make(key)]));
    const view = derivedClient<object>(client, properties);
    derived.add(view);
    return view;
  };

  for (const [name, make] of makers) {
    if (typeof Reflect.get(client, name) !== 'string') continue;
    // Not enumerable, so that no secret is printed with the client.
    const get = () => make(context.current());
    Object.defineProperty(client, name, { get, enumerable: false, configurable: true });
  }
  for (const name of methods) {
    const original: unknown = Reflect.get(client, name);
    if (typeof original !== 'function') {
      const problem = `it has no method ${String(name)}()`;
      throw new InvalidClientOptionsError(context, problem, 'Look up which of its methods sends requests.');
    }
    Object.defineProperty(client, name, {
      value(this: object, ...args: unknown[]): unknown {
        // One that another one calls is part of a request that is already taken care of.
        if (derived.has(this)) return Reflect.apply(original, this, args);
        const send = async (key: ManagedCredentials): Promise<unknown> =>
          Reflect.apply(original, withKey(key), args.map(ownCopy));
        return context.retryOnExpiredKey(send, { replayable: isReplayable?.(args) });
      },
      configurable: true,
      writable: true,
      enumerable: false,
    });
  }
  return client;
}

type FieldMaker = (key: ManagedCredentials) => unknown;

function isPresent(entry: [string, FieldMaker | undefined]): entry is [string, FieldMaker] {
  return entry[1] !== undefined;
}

function ownCopy(argument: unknown): unknown {
  if (typeof argument !== 'object' || argument === null) return argument;
  return Object.getPrototypeOf(argument) === Object.prototype ? { ...argument } : argument;
}
