import { Scope, type InjectionToken, type Type } from '@nestjs/common';
import type { ModuleRef } from '@nestjs/core';

import type { ManagedClientDefinition } from './clients/managed-client-definition.js';
import { ManagedCredentialsError } from './core/errors.js';

/** A definition, and the module that its client belongs to. */
interface Registration {
  readonly definition: ManagedClientDefinition;
  readonly moduleRef: ModuleRef;
  /** The list that the definition came in. */
  readonly list: readonly ManagedClientDefinition[];
}

/** Which clients are defined in one application, whether they are built or not. */
export class ClientRegistrations {
  readonly #registrations = new Map<InjectionToken, Registration>();

  get count(): number {
    return this.#registrations.size;
  }

  /**
   * Notes the definitions of one module.
   *
   * @param list the same one when a module that could not be loaded is loaded once more
   * @throws ManagedCredentialsError when two definitions have the same token
   */
  add(list: readonly ManagedClientDefinition[], moduleRef: ModuleRef): void {
    const tokens = new Set<InjectionToken>();
    for (const definition of list) {
      const { token, secretName } = definition;
      const other = this.#registrations.get(token);
      if (other !== undefined && (other.list !== list || tokens.has(token))) {
        throw new ManagedCredentialsError(
          `Two clients are defined under the token ${nameOf(token)}: ${describeClient(other.definition)} and ` +
            `${describeClient(definition)}. Give one of them a "name" of its own, and inject it by that name.`,
          { code: 'DuplicateClient', secretName },
        );
      }
      tokens.add(token);
      this.#registrations.set(token, { definition, moduleRef, list });
    }
  }

  /**
   * Makes sure that clients are made once; all providers must have been resolved.
   *
   * @throws ManagedCredentialsError when one would be made anew for each request
   */
  assertSingletons(): void {
    for (const { definition, moduleRef } of this.#registrations.values()) {
      assertSingleton(definition, moduleRef);
    }
  }
}

/** @throws ManagedCredentialsError when the client of a definition is made anew for each request */
export function assertSingleton(definition: ManagedClientDefinition, moduleRef: ModuleRef): void {
  // Nest takes every token here; its types name only some.
  if (moduleRef.introspect(definition.token as Type | string | symbol).scope === Scope.DEFAULT) return;
  throw new ManagedCredentialsError(
    `${capitalized(describeClient(definition))} would be made anew for each request, because something that it ` +
      'injects is request-scoped. Let it inject singletons only; what differs by request belongs to its calls.',
    { code: 'RequestScopedClient', secretName: definition.secretName },
  );
}

function describeClient({ sdk, secretName }: ManagedClientDefinition): string {
  return `the ${sdk} client of secret "${secretName}"`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A class by its name, not by its source. */
function nameOf(token: InjectionToken): string {
  return typeof token === 'function' ? token.name : String(token);
}
