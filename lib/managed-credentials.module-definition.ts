import { ConfigurableModuleBuilder } from '@nestjs/common';

import type {
  ManagedCredentialsModuleExtras,
  ManagedCredentialsModuleOptions,
} from './managed-credentials.options.js';

/** The plumbing of `forRoot` and `forRootAsync`, as Nest generates it. */
export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<ManagedCredentialsModuleOptions>({ moduleName: 'ManagedCredentials' })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createManagedCredentialsOptions')
    .setExtras<ManagedCredentialsModuleExtras>({ clients: [], isGlobal: true })
    .build();
