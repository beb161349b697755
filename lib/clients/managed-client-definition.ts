import type { InjectionToken, ModuleMetadata, OptionalFactoryDependency, Type } from '@nestjs/common';

import { isRecord } from '../core/is-record.js';
import type { ManagedCredentials } from '../core/managed-credentials.js';
import type { AkExpireHandler } from './ak-expire-handler.js';
import type { CredentialsProvider } from './credentials-provider.js';
import type { ExpiredKeyRetry, RetryOptions } from './expired-key-retry.js';
import { InvalidClientOptionsError } from './invalid-client-options-error.js';

/** What a client is built with. */
export interface ManagedClientContext {
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
    options?: Pick<RetryOptions, 'replayable'>,
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
  readonly secretName: string;
  /** The SDK's name, for the AK expire handler. */
  readonly sdk: string;
  /** Modules whose providers `inject` names. */
  readonly imports?: ModuleMetadata['imports'];
  /** Providers that `create` gets after its context. */
  readonly inject?: readonly (InjectionToken | OptionalFactoryDependency)[] | undefined;
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
  readonly akExpireHandler?: AkExpireHandlerOption | undefined;
}

/** Options that are known, or made by a factory from injected providers. */
export type OptionsOrFactory<Options> =
  | (Options & CommonClientOptions)
  | (CommonClientOptions & {
      readonly imports?: ModuleMetadata['imports'];
      readonly inject?: readonly (InjectionToken | OptionalFactoryDependency)[];
      // Nest passes what `inject` names; the types of both cannot be tied together.
      readonly useFactory: (...injected: never[]) => Options | Promise<Options>;
    });

/** The parts of a definition that follow from its options, value or factory. */
export function definitionParts<Options extends object, Client>(
  options: OptionsOrFactory<Options>,
  create: (options: Options, context: ManagedClientContext) => Client,
): Pick<ManagedClientDefinition<Client>, 'imports' | 'inject' | 'akExpireHandler' | 'create'> {
  const { name: _, akExpireHandler, ...rest } = options;
  if (!('useFactory' in rest)) {
    return { akExpireHandler, create: (context) => create(rest as unknown as Options, context) };
  }
  const { imports, inject, useFactory } = rest;
  return {
    ...(imports === undefined ? {} : { imports }),
    inject,
    akExpireHandler,
    create: async (context, ...injected) => {
      const made: unknown = await useFactory(...injected);
      if (isRecord(made)) return create(made as Options, context);
      const problem = 'its useFactory() has made no options';
      throw new InvalidClientOptionsError(context, problem, 'Let it return an object of options.');
    },
  };
}
