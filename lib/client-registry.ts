import { types } from 'node:util';

import type { ModuleRef } from '@nestjs/core';

import { assertSingleton, ClientRegistrations } from './client-registrations.js';
import {
  ErrorCodeAkExpireHandler,
  type AkExpireContext,
  type AkExpireHandler,
} from './clients/ak-expire-handler.js';
import { credentialsProviderOf, currentCredentials } from './clients/credentials-provider.js';
import { ExpiredKeyRetry } from './clients/expired-key-retry.js';
import { InFlightCalls } from './clients/in-flight-calls.js';
import type {
  AkExpireHandlerOption,
  ManagedClientContext,
  ManagedClientDefinition,
} from './clients/managed-client-definition.js';
import { systemClock } from './core/clock.js';
import type { CredentialsCache } from './core/credentials-cache.js';
import { ManagedCredentialsError } from './core/errors.js';
import type { ManagedSecret } from './core/managed-secret.js';

/** How long a shutdown waits for calls that are under way; then their connections are closed. */
const SHUTDOWN_GRACE_MS = 500;

/** What the registry builds clients with. */
export interface ClientRegistryContext {
  readonly cache: CredentialsCache;
  /** The handler of clients that have none of their own. */
  readonly defaultHandler: () => AkExpireHandler;
  /** Told when a handler throws. */
  readonly onHandlerFailure: (secretName: string, sdk: string, error: unknown) => void;
  /** Told of each call that is sent again. */
  readonly onRetry: (secretName: string, sdk: string) => void;
}

/** All clients of one application: builds them, knows which secrets they need, and closes them. */
export class ClientRegistry {
  readonly registrations = new ClientRegistrations();
  readonly #closers: (() => void | Promise<void>)[] = [];
  readonly #needed = new Set<string>();
  readonly #calls = new InFlightCalls();

  constructor(private readonly context: ClientRegistryContext) {}

  /** The secrets of the clients that were really built: not of those a test has overridden. */
  get neededSecrets(): ReadonlySet<string> {
    return this.#needed;
  }

  /**
   * Builds the client of a definition.
   *
   * @throws ManagedCredentialsError when it would be made anew for each request, and what `create` throws
   */
  async create(
    definition: ManagedClientDefinition,
    moduleRef: ModuleRef,
    injected: readonly unknown[],
  ): Promise<unknown> {
    assertSingleton(definition, moduleRef);
    const secret = this.context.cache.declare(definition.secretName);
    this.#needed.add(definition.secretName);
    const ownHandler = await instantiate(definition.akExpireHandler, moduleRef);
    const clientContext = this.#contextOf(definition, secret, ownHandler);
    const client: unknown = await definition.create(clientContext, ...(injected as never[]));
    this.#closers.push(() => definition.close?.(client));
    return client;
  }

  /** Lets calls under way end, for a moment, then closes all clients; a failing one does not keep others open. */
  async close(): Promise<void> {
    await this.#calls.idle(SHUTDOWN_GRACE_MS);
    await Promise.allSettled(this.#closers.splice(0).map(async (close) => close()));
  }

  #contextOf(
    { sdk }: ManagedClientDefinition,
    secret: ManagedSecret,
    ownHandler: AkExpireHandler | undefined,
  ): ManagedClientContext {
    const { cache, defaultHandler, onHandlerFailure, onRetry } = this.context;
    const { secretName } = secret;
    const judge = (error: unknown) => {
      try {
        return verdictOf(ownHandler ?? defaultHandler(), error, { secretName, sdk });
      } catch (failure) {
        onHandlerFailure(secretName, sdk, failure);
        return false;
      }
    };
    const retry = new ExpiredKeyRetry({
      secret,
      sdk,
      calls: this.#calls,
      clock: systemClock,
      closed: cache.closed,
      judge,
      onRetry: () => onRetry(secretName, sdk),
    });
    return {
      secretName,
      credentials: credentialsProviderOf(secret),
      current: () => currentCredentials(secret, cache.closed),
      retryOnExpiredKey: (call, options) => retry.run(call, options),
      retry,
    };
  }
}

/**
 * What a handler says of an error.
 *
 * @throws what the handler throws; ManagedCredentialsError `AsyncAkExpireHandler` when it answers a promise, which would
 * always count as true
 */
function verdictOf(handler: AkExpireHandler, error: unknown, context: AkExpireContext): boolean {
  const verdict: unknown = handler.judgeAkExpire(error, context);
  if (!types.isPromise(verdict)) return Boolean(verdict);
  verdict.catch(() => undefined);
  throw new ManagedCredentialsError('judgeAkExpire() answered a promise. Let it answer true or false.', {
    code: 'AsyncAkExpireHandler',
    secretName: context.secretName,
  });
}

/** An AK expire handler that was given as an instance or as a class. */
export async function instantiate(
  option: AkExpireHandlerOption | undefined,
  moduleRef: ModuleRef,
): Promise<AkExpireHandler | undefined> {
  return typeof option === 'function' ? moduleRef.create(option) : option;
}

/** The handler that judges when the application brings none. */
export function defaultAkExpireHandler(): AkExpireHandler {
  return new ErrorCodeAkExpireHandler();
}
