import { Inject, Injectable } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';

import type { AkExpireHandler } from './clients/ak-expire-handler.js';
import { HookDiscovery } from './hook-discovery.js';
import { AK_EXPIRE_HANDLER, SECRET_NAME_RESOLVER, SECRET_RECOVERY } from './managed-credentials.tokens.js';
import { OwnHooks } from './own-hooks.js';
import type { SecretNameResolver } from './secret-name-resolver.js';
import type { SecretRecovery } from './secret-recovery.js';

interface Hooks {
  readonly akExpireHandler: AkExpireHandler;
  readonly secretNameResolver: SecretNameResolver;
  readonly secretRecovery: SecretRecovery;
}

/**
 * The hooks in use: those the application provides, or the library's own. While the application is still being built
 * they are looked up at each use, because a module that provides one may not be ready yet.
 */
@Injectable()
export class AppHooks {
  readonly #discovery: HookDiscovery;
  #settled: Hooks | undefined;

  constructor(
    modules: ModulesContainer,
    ownHooks: OwnHooks,
    @Inject(AK_EXPIRE_HANDLER) private readonly akExpireHandler: AkExpireHandler,
    @Inject(SECRET_NAME_RESOLVER) private readonly secretNameResolver: SecretNameResolver,
    @Inject(SECRET_RECOVERY) private readonly secretRecovery: SecretRecovery,
  ) {
    this.#discovery = new HookDiscovery(modules, OwnHooks, ownHooks);
  }

  /** The hooks in use now. */
  get current(): Hooks {
    return this.#settled ?? this.#find();
  }

  /**
   * Settles which hooks are used; all providers must have been made.
   *
   * @throws ManagedCredentialsError when the application provides a hook twice, or something that is none
   */
  settle(): void {
    this.#settled = this.#find();
  }

  #find(): Hooks {
    return {
      akExpireHandler: this.#discovery.resolve(
        { token: AK_EXPIRE_HANDLER, method: 'judgeAkExpire' },
        this.akExpireHandler,
      ),
      secretNameResolver: this.#discovery.resolve(
        { token: SECRET_NAME_RESOLVER, method: 'resolveSecretName' },
        this.secretNameResolver,
      ),
      secretRecovery: this.#discovery.resolve(
        { token: SECRET_RECOVERY, method: 'recoverSecret' },
        this.secretRecovery,
      ),
    };
  }
}
