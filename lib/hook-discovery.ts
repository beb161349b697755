import type { InjectionToken } from '@nestjs/common';
import type { ModulesContainer } from '@nestjs/core';

import { ManagedCredentialsError } from './core/errors.js';
import { isRecord } from './core/is-record.js';
import type { OwnHooks } from './own-hooks.js';

/** A hook that an application may provide under a token: an object with one method. */
export interface HookKind<Hook> {
  readonly token: symbol;
  /** The method every such hook has. */
  readonly method: keyof Hook & string;
}

/** Finds the hooks that modules of the application provide. */
export class HookDiscovery {
  /** @param ownToken a provider that only the library's own modules have */
  constructor(
    private readonly modules: ModulesContainer,
    private readonly ownToken: InjectionToken,
    private readonly ownHooks: OwnHooks,
  ) {}

  /**
   * The hook to use, nearest first: a test's `overrideProvider`, the module's option, a provider of the application,
   * the default.
   *
   * @param bound what Nest injects for the token in the library's own module
   * @throws ManagedCredentialsError when two modules bind the token, or one binds something else to it
   */
  resolve<Hook extends object>(kind: HookKind<Hook>, bound: Hook): Hook {
    const found = this.#find(kind);
    const { token } = kind;
    if (this.ownHooks.isOverridden(token, bound) || this.ownHooks.isFromOptions(token)) return bound;
    return found ?? bound;
  }

  #find<Hook extends object>({ token, method }: HookKind<Hook>): Hook | undefined {
    const [first, second] = [...this.modules.values()]
      .filter((module) => !module.providers.has(this.ownToken))
      .flatMap((module) => {
        const wrapper = module.providers.get(token);
        return wrapper === undefined ? [] : [{ moduleName: module.name, wrapper }];
      });
    if (first === undefined) return undefined;
    if (second !== undefined) {
      throw new ManagedCredentialsError(
        `${nameOf(token)} is provided twice, in ${first.moduleName} and in ${second.moduleName}. ` +
          'Keep one of them: it counts for the whole application, whichever module provides it.',
        { code: 'DuplicateProvider' },
      );
    }
    if (!first.wrapper.isDependencyTreeStatic()) {
      throw new ManagedCredentialsError(
        `${nameOf(token)}, provided in ${first.moduleName}, is request-scoped. ` +
          'Keys are refreshed outside of any request, so make it a singleton.',
        { code: 'InvalidProvider' },
      );
    }
    const hook: unknown = first.wrapper.instance;
    if (hook === undefined || hook === null) return undefined;
    if (isHook<Hook>(hook, method)) return hook;
    throw new ManagedCredentialsError(
      `${nameOf(token)}, provided in ${first.moduleName}, has no method ${method}(). Provide an object that has it.`,
      { code: 'InvalidProvider' },
    );
  }
}

function isHook<Hook extends object>(value: unknown, method: keyof Hook & string): value is Hook {
  return isRecord(value) && typeof value[method] === 'function';
}

function nameOf(token: symbol): string {
  return token.description ?? String(token);
}
