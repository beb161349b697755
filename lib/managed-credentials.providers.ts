import type { Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

import { defaultAkExpireHandler, instantiate } from './client-registry.js';
import type { ManagedClientDefinition } from './clients/managed-client-definition.js';
import { ConfigurationError } from './config/configuration-error.js';
import { ManagedCredentialsError } from './core/errors.js';
import { isRecord } from './core/is-record.js';
import { MODULE_OPTIONS_TOKEN } from './managed-credentials.module-definition.js';
import type { ManagedCredentialsModuleOptions } from './managed-credentials.options.js';
import { ManagedCredentialsRuntime } from './managed-credentials.runtime.js';
import {
  AK_EXPIRE_HANDLER,
  CLIENT_DEFINITIONS,
  SECRET_NAME_RESOLVER,
  SECRET_RECOVERY,
} from './managed-credentials.tokens.js';
import { OwnHooks } from './own-hooks.js';
import { sameName } from './secret-name-resolver.js';
import { noRecovery } from './secret-recovery.js';
import { startLate } from './start-up.js';

/** The library's own bindings of the hooks: the module's option, or the default. */
export const hookProviders: Provider[] = [
  {
    provide: AK_EXPIRE_HANDLER,
    inject: [MODULE_OPTIONS_TOKEN, ModuleRef, OwnHooks],
    useFactory: async (
      options: ManagedCredentialsModuleOptions,
      moduleRef: ModuleRef,
      ownHooks: OwnHooks,
    ) => {
      assertOptions(options);
      const fromOptions = await instantiate(options.akExpireHandler, moduleRef);
      return ownHooks.note(
        AK_EXPIRE_HANDLER,
        fromOptions ?? defaultAkExpireHandler(),
        fromOptions !== undefined,
      );
    },
  },
  {
    provide: SECRET_NAME_RESOLVER,
    inject: [OwnHooks],
    useFactory: (ownHooks: OwnHooks) => ownHooks.note(SECRET_NAME_RESOLVER, sameName),
  },
  {
    provide: SECRET_RECOVERY,
    inject: [OwnHooks],
    useFactory: (ownHooks: OwnHooks) => ownHooks.note(SECRET_RECOVERY, noRecovery),
  },
];

/** This provider is the first that looks at the options, and those of a factory can be anything. */
function assertOptions(options: unknown): void {
  if (isRecord(options)) return;
  const problem = `is ${options === null ? 'null' : typeof options}, not an object`;
  const remedy = 'Let the factory of forRootAsync() return an object of options; it may be empty.';
  throw new ConfigurationError([{ setting: 'options', problem, remedy }]);
}

/** The providers of the clients of one `forRoot()` or `forFeature()`. */
export function clientProviders(clients: readonly ManagedClientDefinition[]): Provider[] {
  // A list of its own tells this module from others that were given the same one.
  const definitions = [...clients];
  return [
    {
      provide: CLIENT_DEFINITIONS,
      inject: [ModuleRef, { token: ManagedCredentialsRuntime, optional: true }],
      useFactory: (moduleRef: ModuleRef, runtime?: ManagedCredentialsRuntime) => {
        if (runtime === undefined) {
          throw new ManagedCredentialsError(
            'ManagedCredentialsModule.forFeature() needs ManagedCredentialsModule.forRoot() in the application, ' +
              'with isGlobal left on. Import it once in your root module.',
            { code: 'MissingRoot' },
          );
        }
        runtime.clients.registrations.add(definitions, moduleRef);
        return runtime;
      },
    },
    ...definitions.map((definition) => ({
      provide: definition.token,
      inject: [CLIENT_DEFINITIONS, ModuleRef, ...(definition.inject ?? [])],
      useFactory: async (
        runtime: ManagedCredentialsRuntime,
        moduleRef: ModuleRef,
        ...injected: unknown[]
      ) => {
        const client = await runtime.clients.create(definition, moduleRef, injected);
        if (runtime.isStarted) await startLate(runtime, definition.secretName);
        return client;
      },
    })),
  ];
}
