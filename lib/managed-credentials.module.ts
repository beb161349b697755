import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';

import { AppHooks } from './app-hooks.js';
import { checkClientDefinitions } from './check-client-definitions.js';
import type { ManagedClientDefinition } from './clients/managed-client-definition.js';
import { KmsAccess } from './kms-access.js';
import { ManagedCredentialsEvents } from './managed-credentials.events.js';
import {
  ConfigurableModuleClass,
  type ASYNC_OPTIONS_TYPE,
  type OPTIONS_TYPE,
} from './managed-credentials.module-definition.js';
import { clientProviders, hookProviders } from './managed-credentials.providers.js';
import { ManagedCredentialsRuntime } from './managed-credentials.runtime.js';
import { ManagedCredentialsService } from './managed-credentials.service.js';
import { OwnHooks } from './own-hooks.js';
import { SecretRefreshService } from './secret-refresh.service.js';

/**
 * Access keys that live in KMS, rotate by themselves, and reach the application as injectable cloud clients.
 *
 * Import `forRoot()` once. Without options it reads its KMS settings through ConfigService.
 */
@Module({
  // The bare module shares the values that the application's own ConfigModule.forRoot() has loaded, global or not.
  imports: [ConfigModule],
  providers: [
    ManagedCredentialsEvents,
    OwnHooks,
    ...hookProviders,
    AppHooks,
    KmsAccess,
    ManagedCredentialsRuntime,
    SecretRefreshService,
    ManagedCredentialsService,
  ],
  exports: [ManagedCredentialsRuntime, ManagedCredentialsService, SecretRefreshService],
})
export class ManagedCredentialsModule extends ConfigurableModuleClass {
  /**
   * The module with options in code, all of them optional. Import it from the application's start: in a module that is
   * loaded lazily, Nest would run none of its lifecycle hooks.
   *
   * @throws ConfigurationError when `clients` holds something that is no client definition
   */
  static override forRoot(options: typeof OPTIONS_TYPE = {}): DynamicModule {
    return withClients(super.forRoot(options), options);
  }

  /**
   * The module with options from a factory or a class; `clients` stand beside it, as they make providers.
   *
   * @throws as {@link forRoot}
   */
  static override forRootAsync(options: typeof ASYNC_OPTIONS_TYPE): DynamicModule {
    return withClients(super.forRootAsync(options), options);
  }

  /**
   * Further clients, for the module that imports it. In a module that is loaded lazily their keys are fetched when it
   * is loaded.
   *
   * @throws as {@link forRoot}
   */
  static forFeature(clients: readonly ManagedClientDefinition[]): DynamicModule {
    return withClients({ module: ManagedCredentialsFeatureModule }, { clients, isGlobal: false });
  }
}

/** Holds the clients of one `forFeature()`. */
@Module({})
class ManagedCredentialsFeatureModule {}

function withClients(
  definition: DynamicModule,
  { clients = [], isGlobal = true }: Pick<typeof OPTIONS_TYPE, 'clients' | 'isGlobal'>,
): DynamicModule {
  checkClientDefinitions(clients);
  return {
    ...definition,
    global: isGlobal,
    imports: [...(definition.imports ?? []), ...clients.flatMap(({ imports }) => imports ?? [])],
    providers: [...(definition.providers ?? []), ...clientProviders(clients)],
    exports: [...(definition.exports ?? []), ...clients.map(({ token }) => token)],
  };
}
