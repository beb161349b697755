import type { InjectionToken, ModuleMetadata, Type } from '@nestjs/common';

import { isRecord } from '../core/is-record.js';
import type { ManagedCredentials } from '../core/managed-credentials.js';
import type { AkExpireHandler } from './ak-expire-handler.js';
import type { CredentialsProvider } from './credentials-provider.js';
import { injectedValues, type Injectables, type InjectedValues } from './injected-values.js';
import type { ExpiredKeyRetry, ManagedCallOptions } from './expired-key-retry.js';
import { InvalidClientOptionsError } from './invalid-client-options-error.js';

/** What a client is built with. */
export interface ManagedClientContext {
  /** The secret whose key signs the calls. */
  readonly secretName: string;
  /** For SDKs that ask a provider before each call. */
  readonly credentials: CredentialsProvider;
  /**
   * The current key, for SDKs that read fields while they sign: take id and secret from one and the same snapshot.
   *
   * @throws NotReadyError before the first fetch; ClosedError after shutdown
   */
  current(): ManagedCredentials;
  /**
   * Sends a call, and sends it again when its key turns out to have expired: at most three times, each time with a
   * newer version of the key. The call gets the key it must be signed with.
   */
  retryOnExpiredKey<Result>(
    call: (credentials: ManagedCredentials) => Promise<Result>,
    options?: ManagedCallOptions,
  ): Promise<Result>;
  /** @internal */
  readonly retry: ExpiredKeyRetry;
}

/** An AK expire handler, or a class of it whose dependencies Nest injects. */
export type AkExpireHandlerOption = AkExpireHandler | Type<AkExpireHandler>;

/**
 * One injectable client whose calls are signed with the current key of one secret. The module knows this interface
 * and no SDK: `acsClient`, `ossClient` and `managedClient` make such definitions.
 */
export interface ManagedClientDefinition<Client = unknown> {
  /** The token under which the client is injected. */
  readonly token: InjectionToken;
  /** The secret whose key signs the calls. */
  readonly secretName: string;
  /** The SDK's name, for the AK expire handler. */
  readonly sdk: string;
  /** Modules whose providers `inject` names. */
  readonly imports?: ModuleMetadata['imports'];
  /** Providers that `create` gets after its context. */
  readonly inject?: Injectables | undefined;
  /** Judges this client's errors in place of the module's handler. */
  readonly akExpireHandler?: AkExpireHandlerOption | undefined;
  /** Builds the client. */
  readonly create: (context: ManagedClientContext, ...injected: never[]) => Client | Promise<Client>;
  /** Releases what the client holds, at shutdown. */
  close?(client: Client): void | Promise<void>;
}

/** Names shared by the options of all ready-made client definitions. */
export interface CommonClientOptions {
  /** Tells several clients of one secret apart. */
  readonly name?: string | undefined;
  /** Judges this client's errors in place of the module's handler. */
  readonly akExpireHandler?: AkExpireHandlerOption | undefined;
  /** Modules whose providers are injected: into `useFactory`, or into a class given as `akExpireHandler`. */
  readonly imports?: ModuleMetadata['imports'];
}

/** Options that are known, or made by a factory from injected providers. */
export type OptionsOrFactory<Options, Inject extends Injectables = Injectables> =
  (Options & CommonClientOptions & { readonly useFactory?: undefined }) | OptionsFactory<Options, Inject>;

/** Makes the options of a client from what `inject` names. */
export interface OptionsFactory<Options, Inject extends Injectables> extends CommonClientOptions {
  /** Providers that `useFactory` gets. */
  readonly inject?: Inject;
  /** Makes the options. */
  // A method, so that a parameter may be annotated more narrowly than the class says, as `ConfigService<Settings>`.
  useFactory(...injected: InjectedValues<Inject>): Options | Promise<Options>;
}

/** The parts of a definition that follow from its options, value or factory. */
export function definitionParts<Options extends object, Client, Inject extends Injectables>(
  options: OptionsOrFactory<Options, Inject>,
  create: (options: Options, context: ManagedClientContext) => Client,
): Pick<ManagedClientDefinition<Client>, 'imports' | 'inject' | 'akExpireHandler' | 'create'> {
  const { akExpireHandler, imports } = options;
  const common = { akExpireHandler, ...(imports === undefined ? {} : { imports }) };
  if (options.useFactory === undefined) {
    const { name: _1, akExpireHandler: _2, useFactory: _3, imports: _4, ...rest } = options;
    return { ...common, create: (context) => create(rest as unknown as Options, context) };
  }
  return {
    ...common,
    inject: options.inject,
    create: async (context, ...injected: never[]) => {
      const made: unknown = await options.useFactory(...injectedValues<Inject>(injected));
      if (isRecord(made)) return create(made as Options, context);
      const problem = 'its useFactory() has made no options';
      throw new InvalidClientOptionsError(context, problem, 'Let it return an object of options.');
    },
  };
}
